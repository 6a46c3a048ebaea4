import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PATIENCE = migrations.RunSQL("SET lock_timeout = '2s'", "SET lock_timeout = '2s'")
DEFAULT_PATIENCE = migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout")


class Migration(migrations.Migration):
    """The index of the foreign key alone gives way to one that has the tasks in their order, too.

    Without it, the first page of somebody with many tasks is read by the primary key, past
    everybody else's.
    """

    atomic = False

    dependencies = [("tasks_app", "0004_occurrence")]

    operations = [
        PATIENCE,
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE INDEX CONCURRENTLY task_user_order ON tasks_app_task (user_id, id)",
                    "DROP INDEX CONCURRENTLY task_user_order",
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS tasks_app_task_user_id_59ae471d",
                    "CREATE INDEX CONCURRENTLY tasks_app_task_user_id_59ae471d"
                    " ON tasks_app_task (user_id)",
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    "task", models.Index(fields=["user", "id"], name="task_user_order")
                ),
                migrations.AlterField(
                    "task",
                    "user",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        db_index=False,
                    ),
                ),
            ],
        ),
        DEFAULT_PATIENCE,
    ]
