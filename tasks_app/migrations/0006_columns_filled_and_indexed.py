from typing import Any

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

BATCH = 5000  # rows a transaction, when the column is filled
FILL = """
UPDATE tasks_app_task SET title = title
WHERE id IN (
    SELECT id FROM tasks_app_task WHERE id > %s AND search IS NULL ORDER BY id LIMIT %s FOR UPDATE
)
RETURNING id
"""


def fill(apps: Any, schema_editor: Any) -> None:
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(FILL, [last, BATCH])
            ids = [row[0] for row in cursor.fetchall()]
            if not ids:
                return
            last = max(ids)


def _unique(name: str, on: str) -> migrations.RunSQL:
    """Repeatable: one that was interrupted leaves an index that nothing uses."""
    drop = f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
    return migrations.RunSQL([drop, f"CREATE UNIQUE INDEX CONCURRENTLY {name} ON {on}"], drop)


class Migration(migrations.Migration):
    """What takes long for many rows: each statement commits by itself, and can be said again.

    None holds a lock that a writer would feel, so all of them wait as long as it takes.
    """

    atomic = False

    dependencies = [("tasks_app", "0005_tasks_of_a_user_in_order")]

    operations = [
        ValidateConstraint("tag", "tag_color_is_rgb"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                _unique(
                    "task_calendar_uid_once_a_user",
                    "tasks_app_task (user_id, calendar_uid) WHERE calendar_uid <> ''",
                ),
                _unique(
                    "task_occurrence_once",
                    "tasks_app_task (recurring_task_id, occurrence) WHERE occurrence <> ''",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    "task",
                    models.UniqueConstraint(
                        fields=["user", "calendar_uid"],
                        condition=~models.Q(calendar_uid=""),
                        name="task_calendar_uid_once_a_user",
                    ),
                ),
                migrations.AddConstraint(
                    "task",
                    models.UniqueConstraint(
                        fields=["recurring_task_id", "occurrence"],
                        condition=~models.Q(occurrence=""),
                        name="task_occurrence_once",
                    ),
                ),
            ],
        ),
    ]
