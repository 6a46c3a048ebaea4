"""Everything that can be done to series."""

from recurrence_app.services.following import follow_tasks
from recurrence_app.services.running import create_series_with_task, run_now
from recurrence_app.services.series import (
    create_series,
    delete_series,
    pause_series,
    resume_series,
    update_series,
)
from recurrence_app.services.spawning import spawn_due

__all__ = [
    "create_series",
    "create_series_with_task",
    "delete_series",
    "follow_tasks",
    "pause_series",
    "resume_series",
    "run_now",
    "spawn_due",
    "update_series",
]
