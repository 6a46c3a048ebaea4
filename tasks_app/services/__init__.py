"""Everything that can be done to tasks and tags."""

from tasks_app.services.tags import create_tag, delete_tag, merge_tags, update_tag
from tasks_app.services.tasks import (
    Move,
    cancel_task,
    complete_task,
    create_task,
    create_tasks,
    delete_task,
    reopen_task,
    update_task,
)
from tasks_app.services.versions import StaleVersion
from tasks_app.services.wearers import Busy

__all__ = [
    "Busy",
    "Move",
    "StaleVersion",
    "cancel_task",
    "complete_task",
    "create_tag",
    "create_task",
    "create_tasks",
    "delete_tag",
    "delete_task",
    "merge_tags",
    "reopen_task",
    "update_tag",
    "update_task",
]
