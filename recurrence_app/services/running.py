"""Making tasks outside of the calendar: the first with its series, the next by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from bridges import outbox
from recurrence_app.events import RecurringTaskCreated
from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import Due, Wishes, by_rule, today_of
from recurrence_app.progress import Pointers, Step, next_alone, pointers, resting
from recurrence_app.services.making import carry_out, prepared
from recurrence_app.services.pointing import has_open_task
from recurrence_app.services.series import draft, locked
from tasks_app.models import Task


@transaction.atomic
def create_series_with_task(
    *,
    owner: User,
    actor: User,
    now: datetime,
    task_fields: Mapping[str, Any] | None = None,
    **fields: Any,
) -> tuple[RecurringTask, Task]:
    """Make a series as `create_series` does, and the task of its first occurrence, whenever it is.

    `task_fields` are what the task has beside what the series gives it. Raises ValidationError,
    by field.
    """
    series = draft(owner, {**fields, "is_active": True}, now=now)
    wishes = series.wishes()
    first = next(by_rule(wishes))  # a series without any is refused
    step = Step((first,), 0, first.name, _behind(wishes, first, now))
    series.point(step.pointers)
    series.save(force_insert=True)
    work = prepared(series, step)
    work.drafts[0].update(task_fields or {})
    outbox.record(RecurringTaskCreated.of(series), actor=actor, now=now)
    (task,) = carry_out([work], actor=actor, now=now)
    series.refresh_from_db()
    return series, task


def _behind(wishes: Wishes, first: Due, now: datetime) -> Pointers:
    """A series that began long ago goes on with today's."""
    today = today_of(wishes, now)
    if wishes.on_completion:
        return resting(wishes, next(by_rule(wishes, behind=first.name), None))
    behind = by_rule(wishes, behind=first.name)
    following = next(by_rule(wishes, day=today) if first.day < today else behind, None)
    ours = pointers(wishes, following)
    return replace(ours, spawn_at=max(ours.spawn_at, now)) if ours.spawn_at else ours


@transaction.atomic
def run_now(
    *, series: RecurringTask, actor: User, now: datetime, version: int | None = None
) -> Task:
    """Make the task of the next occurrence at once, and go on behind it.

    Raises ValidationError when the series is paused, has come to its end, or waits until its
    task is done; RecurringTask.DoesNotExist and StaleVersion.
    """
    series = locked(series, version)
    if not series.is_active:
        raise ValidationError("It is paused; resume it first.")
    wishes = series.wishes()
    if wishes.on_completion and has_open_task(series):
        raise ValidationError("The next task comes when the one that is open is done.")
    made = next_alone(wishes, since=series.next_occurrence, waiting=frozenset(series.waiting))
    if made is None:
        raise ValidationError("It has come to its end.")
    (task,) = carry_out([prepared(series, made)], actor=actor, now=now)
    return task
