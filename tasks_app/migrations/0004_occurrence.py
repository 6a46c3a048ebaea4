from django.db import migrations, models

# Each statement commits by itself: none holds a lock that a writer would feel.
PATIENCE = migrations.RunSQL("SET lock_timeout = '2s'", "SET lock_timeout = '2s'")
DEFAULT_PATIENCE = migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tasks_app", "0003_search")]

    operations = [
        PATIENCE,
        migrations.AddField(
            "task",
            "occurrence",
            models.CharField(max_length=19, default="", db_default="", editable=False),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY task_occurrence_once"
                    " ON tasks_app_task (recurring_task_id, occurrence) WHERE occurrence <> ''",
                    "DROP INDEX CONCURRENTLY task_occurrence_once",
                )
            ],
            state_operations=[
                migrations.AddConstraint(
                    "task",
                    models.UniqueConstraint(
                        fields=["recurring_task_id", "occurrence"],
                        condition=~models.Q(occurrence=""),
                        name="task_occurrence_once",
                    ),
                )
            ],
        ),
        DEFAULT_PATIENCE,
    ]
