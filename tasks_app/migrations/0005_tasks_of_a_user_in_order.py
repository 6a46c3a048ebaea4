import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Repeatable: one that was interrupted leaves an index that nothing uses.
ORDER = "DROP INDEX CONCURRENTLY IF EXISTS task_user_order"
USER = "DROP INDEX CONCURRENTLY IF EXISTS tasks_app_task_user_id_59ae471d"


class Migration(migrations.Migration):
    """The index of the foreign key alone gives way to one that has the tasks in their order, too.

    Without it, the first page of somebody with many tasks is read by the primary key, past
    everybody else's.
    """

    atomic = False

    dependencies = [("tasks_app", "0004_occurrence")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        ORDER,
                        "CREATE INDEX CONCURRENTLY task_user_order ON tasks_app_task (user_id, id)",
                    ],
                    ORDER,
                ),
                migrations.RunSQL(
                    USER,
                    [
                        USER,
                        "CREATE INDEX CONCURRENTLY tasks_app_task_user_id_59ae471d"
                        " ON tasks_app_task (user_id)",
                    ],
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
    ]
