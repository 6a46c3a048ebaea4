from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models.functions import Now

import tasks_app.models.tag

# For either way: a change of a table waits for its turn no longer than others may wait behind it.
PATIENCE = migrations.RunSQL("SET LOCAL lock_timeout = '2s'", "SET LOCAL lock_timeout = '2s'")


class Migration(migrations.Migration):
    """Nothing here reads a table through, which 0006 does."""

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
        migrations.AddField(
            "task",
            "calendar_uid",
            models.CharField(max_length=255, default="", db_default="", editable=False),
        ),
        migrations.AddField("task", "calendar", models.JSONField(null=True, editable=False)),
        PATIENCE,
    ]
