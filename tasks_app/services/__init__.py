"""Everything that can be done to tasks and tags."""

from tasks_app.services.tasks import (
    Move,
    StaleVersion,
    cancel_task,
    complete_task,
    create_task,
    delete_task,
    reopen_task,
    update_task,
)

__all__ = [
    "Move",
    "StaleVersion",
    "cancel_task",
    "complete_task",
    "create_task",
    "delete_task",
    "reopen_task",
    "update_task",
]
