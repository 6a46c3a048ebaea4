"""A task with all that may come with it, its series and its reminders, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.models import User
from notifications_app.services import schedule_reminder
from recurrence_app.services import create_series_with_task
from tasks_app.due import check_due
from tasks_app.models import Task
from tasks_app.services import create_task

_TEMPLATE: Final = frozenset({"title", "description", "priority", "tags"})
_DUE: Final = frozenset({"due_date", "due_at", "due_timezone"})


def create_whole_task(
    *,
    owner: User,
    actor: User,
    now: datetime,
    recurrence: Mapping[str, Any] | None = None,
    reminders: Sequence[Mapping[str, Any]] = (),
    **fields: Any,
) -> Task:
    """Make a task as `create_task` does, with `reminders`, each an `at` or an `offset_minutes`.

    With `recurrence`, what a series takes of a schedule, the task is the first of a series that
    begins when it is due; all of its tasks get the reminders by `offset_minutes`. Raises
    ValidationError, by the fields of the task and of the series, and ReminderRefused.
    """
    if recurrence is None and not reminders:  # most of them: one transaction, no savepoint in it
        return create_task(owner=owner, actor=actor, now=now, **fields)
    with transaction.atomic():
        if recurrence is None:
            task = create_task(owner=owner, actor=actor, now=now, **fields)
            own = reminders
        else:
            shared = [each for each in reminders if each.get("offset_minutes") is not None]
            own = [each for each in reminders if each.get("offset_minutes") is None]
            series = _series(owner, fields, recurrence, shared)
            extra = {name: fields[name] for name in fields.keys() - _TEMPLATE - _DUE}
            _, task = create_series_with_task(
                owner=owner, actor=actor, now=now, task_fields=extra, **series
            )
        for each in own:
            schedule_reminder(task=task, actor=actor, now=now, **each)
    return task


def _series(
    owner: User,
    fields: Mapping[str, Any],
    recurrence: Mapping[str, Any],
    reminders: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    due = {name: fields.get(name) for name in _DUE}
    return {
        **{name: fields[name] for name in fields.keys() & _TEMPLATE},
        **_start(owner, **due),
        **recurrence,
        "reminders": [{"offset_minutes": each["offset_minutes"]} for each in reminders],
    }


def _start(
    owner: User, *, due_date: Any, due_at: datetime | None, due_timezone: str | None
) -> dict[str, Any]:
    """Where a series begins whose first task is due then, to the second."""
    check_due(due_date, due_at, due_timezone)
    if due_at is None:
        return {"start_date": due_date, "timezone": owner.time_zone}
    zone = due_timezone or owner.time_zone
    wall = due_at.astimezone(ZoneInfo(zone)).replace(microsecond=0)
    return {"start_date": wall.date(), "due_time": wall.time(), "timezone": zone}
