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
from recurrence_app.services.single import move_occurrence, skip_occurrence
from recurrence_app.services.spawning import spawn_due
from recurrence_app.services.splitting import split_series

__all__ = [
    "create_series",
    "create_series_with_task",
    "delete_series",
    "follow_tasks",
    "move_occurrence",
    "pause_series",
    "resume_series",
    "run_now",
    "skip_occurrence",
    "spawn_due",
    "split_series",
    "update_series",
]
