"""What happens to series."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from bridges.events import DomainEvent
from recurrence_app.models import RecurringTask
from tasks_app.models import Priority, Task


class SeriesEvent(DomainEvent):
    aggregatetype: ClassVar[str] = "recurring-task"

    @classmethod
    def of(cls, series: RecurringTask, **more: Any) -> Self:
        payload = _snapshot(series) | more
        return cls(aggregateid=str(series.pk), user_id=series.user_id, payload=payload)


class RecurringTaskCreated(SeriesEvent):
    type: ClassVar[str] = "recurring-task.created.v1"


class RecurringTaskUpdated(SeriesEvent):
    type: ClassVar[str] = "recurring-task.updated.v1"

    @classmethod
    def of(cls, series: RecurringTask, *, changed: Iterable[str] = (), **more: Any) -> Self:
        return super().of(series, changed=sorted(changed), **more)


class RecurringTaskPaused(SeriesEvent):
    type: ClassVar[str] = "recurring-task.paused.v1"


class RecurringTaskResumed(SeriesEvent):
    type: ClassVar[str] = "recurring-task.resumed.v1"


class RecurringTaskDeleted(SeriesEvent):
    type: ClassVar[str] = "recurring-task.deleted.v1"


class RecurringTaskDue(DomainEvent):
    """An occurrence has its task; `reminders` are still to be set for it."""

    type: ClassVar[str] = "recurring-task.due.v1"
    aggregatetype: ClassVar[str] = "recurring-task"

    @classmethod
    def of(cls, series: RecurringTask, task: Task) -> RecurringTaskDue:
        payload = {
            "recurring_task_id": series.pk,
            "task_id": task.pk,
            "user_id": task.user_id,
            "title": task.title,
            "occurrence": task.occurrence,
            "due_date": task.due_day(),
            "due_at": task.due_at,
            "due_timezone": task.due_timezone or None,
            "is_recurring": True,
            "reminders": series.reminders,
            "created_at": task.created_at,
        }
        return cls(aggregateid=str(series.pk), user_id=task.user_id, payload=payload)


def _snapshot(series: RecurringTask) -> dict[str, Any]:
    """The series as its events tell it: whole, but for how far it has come."""
    return {
        "recurring_task_id": series.pk,
        "user_id": series.user_id,
        "title": series.title,
        "description": series.description,
        "priority": Priority(series.priority).label,
        "priority_id": series.priority,
        "tags": series.tags,
        "reminders": series.reminders,
        "recurrence_type": series.recurrence_type,
        "recurrence_interval": series.recurrence_interval,
        "rrule": series.rrule,
        "start_date": series.start_date,
        "due_time": series.due_time,
        "timezone": series.timezone,
        "end_date": series.end_date,
        "exdates": series.exdates,
        "rdates": series.rdates,
        "moved": series.moved,
        "trigger": series.trigger,
        "count_from": series.count_from,
        "create_ahead": series.create_ahead,
        "catch_up": series.catch_up,
        "is_active": series.is_active,
        "next_due_at": series.next_due_at,
        "next_occurrence_at": series.next_occurrence_at,
        "version": series.version,
        "created_at": series.created_at,
        "updated_at": series.updated_at,
    }
