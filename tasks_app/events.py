"""What happens to tasks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from bridges.events import DomainEvent
from tasks_app.models import Priority, Task


class TaskEvent(DomainEvent):
    aggregatetype: ClassVar[str] = "task"

    @classmethod
    def of(cls, task: Task, **more: Any) -> Self:
        return cls(aggregateid=str(task.pk), user_id=task.user_id, payload=snapshot(task) | more)


class TaskCreated(TaskEvent):
    type: ClassVar[str] = "task.created.v1"


class TaskUpdated(TaskEvent):
    type: ClassVar[str] = "task.updated.v1"

    @classmethod
    def of(cls, task: Task, *, changed: Iterable[str] = (), **more: Any) -> Self:
        return super().of(task, changed=sorted(changed), **more)


class TaskCompleted(TaskEvent):
    type: ClassVar[str] = "task.completed.v1"


class TaskReopened(TaskEvent):
    type: ClassVar[str] = "task.reopened.v1"


class TaskCancelled(TaskEvent):
    type: ClassVar[str] = "task.cancelled.v1"


class TaskDeleted(TaskEvent):
    type: ClassVar[str] = "task.deleted.v1"


def snapshot(task: Task) -> dict[str, Any]:
    """The task as its events tell it: whole, so that a consumer needs no look-up."""
    return {
        "task_id": task.pk,
        "user_id": task.user_id,
        "title": task.title,
        "description": task.description,
        "status": task.status,
        "priority": Priority(task.priority).label,
        "priority_id": task.priority,
        "tags": task.tag_names(),
        "due_date": task.due_day(),
        "due_at": task.due_at,
        "due_timezone": task.due_timezone or None,
        "notified": task.notified,
        "is_recurring": task.is_recurring,
        "recurring_task_id": task.recurring_task_id,
        "occurrence": task.occurrence or None,
        "version": task.version,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "completed_at": task.completed_at,
    }
