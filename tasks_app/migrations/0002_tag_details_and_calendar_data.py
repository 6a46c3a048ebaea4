from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models.functions import Now

import tasks_app.models.tag

# Each statement commits by itself: none holds a lock that a writer would feel.
PATIENCE = migrations.RunSQL("SET lock_timeout = '2s'", "SET lock_timeout = '2s'")
DEFAULT_PATIENCE = migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tasks_app", "0001_initial")]

    operations = [
        PATIENCE,
        migrations.AddField(
            "tag",
            "color",
            models.CharField(
                max_length=7,
                blank=True,
                default="",
                db_default="",
                validators=[tasks_app.models.tag.validate_color],
            ),
        ),
        migrations.AddField("tag", "version", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddField("tag", "created_at", models.DateTimeField(db_default=Now())),
        migrations.AddField("tag", "updated_at", models.DateTimeField(db_default=Now())),
        AddConstraintNotValid(
            "tag",
            models.CheckConstraint(
                condition=models.Q(color="") | models.Q(color__regex="^#[0-9a-f]{6}$"),
                name="tag_color_is_rgb",
            ),
        ),
        ValidateConstraint("tag", "tag_color_is_rgb"),
        migrations.AddField(
            "task",
            "calendar_uid",
            models.CharField(max_length=255, default="", db_default="", editable=False),
        ),
        migrations.AddField("task", "calendar", models.JSONField(null=True, editable=False)),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY task_calendar_uid_once_a_user"
                    " ON tasks_app_task (user_id, calendar_uid) WHERE calendar_uid <> ''",
                    "DROP INDEX CONCURRENTLY task_calendar_uid_once_a_user",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    "task",
                    models.UniqueConstraint(
                        fields=["user", "calendar_uid"],
                        condition=~models.Q(calendar_uid=""),
                        name="task_calendar_uid_once_a_user",
                    ),
                )
            ],
        ),
        DEFAULT_PATIENCE,
    ]
