"""What can be done to a series as a whole: the row and its event in one transaction.

All but creation raise RecurringTask.DoesNotExist when the series is gone, and StaleVersion when
it is another than `version`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from bridges import outbox
from recurrence_app.events import (
    RecurringTaskCreated,
    RecurringTaskDeleted,
    RecurringTaskPaused,
    RecurringTaskResumed,
    RecurringTaskUpdated,
    SeriesEvent,
)
from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import by_rule, today_of
from recurrence_app.services.fields import settle
from recurrence_app.services.pointing import go_on, point_at
from tasks_app.services.versions import check_version


@transaction.atomic
def create_series(*, owner: User, actor: User, now: datetime, **fields: Any) -> RecurringTask:
    """Make a series of `owner`'s, which begins on the first of its days that is not over.

    `fields` are those of the model that can be set: `title`, `start_date`, and `recurrence_type`
    with `recurrence_interval` or `rrule` (text) at least; `exdates` and `rdates` are dates or
    naive wall times, `timezone` is the owner's by default. A tick makes the tasks. Raises
    ValidationError, by field, for what does not go together and for a rule without occurrences.
    """
    series = draft(owner, fields, now=now)
    wishes = series.wishes()
    point_at(series, wishes, next(by_rule(wishes, day=today_of(wishes, now)), None), now=now)
    series.save(force_insert=True)
    outbox.record(RecurringTaskCreated.of(series), actor=actor, now=now)
    return series


def draft(owner: User, fields: Mapping[str, Any], *, now: datetime) -> RecurringTask:
    """A series that is not saved and points nowhere yet. Raises ValidationError, by field."""
    series = RecurringTask(user=owner, created_at=now, updated_at=now)
    settle(series, {"timezone": owner.time_zone, **fields})
    return series


@transaction.atomic
def update_series(
    *,
    series: RecurringTask,
    actor: User,
    now: datetime,
    changes: Mapping[str, Any],
    version: int | None = None,
) -> RecurringTask:
    """Set the fields in `changes`, as `create_series` takes them; without a difference, nothing.

    Tasks that exist keep what they have. When its days change, the series goes on with the first
    that is not past and behind the day of its last task. `is_active` in `changes` pauses or
    resumes it, with that event. Raises ValidationError, by field, as `create_series` does.
    """
    series = locked(series, version)
    was_active = series.is_active
    changed = settle(series, changes)
    if not changed:
        return series
    go_on(series, changed, now=now)
    series.touch(at=now)
    series.save()
    events: list[SeriesEvent] = []
    if fields := changed - {"is_active"}:
        events.append(RecurringTaskUpdated.of(series, changed=fields))
    if was_active != series.is_active:
        events.append(_turned(series))
    outbox.record_all(events, actor=actor, now=now)
    return series


def pause_series(
    *, series: RecurringTask, actor: User, now: datetime, version: int | None = None
) -> RecurringTask:
    """Make no more tasks until it is resumed; one that is paused stays as it is."""
    return update_series(
        series=series, actor=actor, now=now, changes={"is_active": False}, version=version
    )


def resume_series(
    *, series: RecurringTask, actor: User, now: datetime, version: int | None = None
) -> RecurringTask:
    """Go on with the first occurrence that is not past; one that is active stays as it is."""
    return update_series(
        series=series, actor=actor, now=now, changes={"is_active": True}, version=version
    )


@transaction.atomic
def delete_series(
    *, series: RecurringTask, actor: User, now: datetime, version: int | None = None
) -> None:
    """Remove a series; its tasks stay, and say still which series made them."""
    series = locked(series, version)
    outbox.record(RecurringTaskDeleted.of(series), actor=actor, now=now)
    series.delete()


def locked(series: RecurringTask, version: int | None) -> RecurringTask:
    series = RecurringTask.objects.locked(series)
    check_version(series, version)
    return series


def _turned(series: RecurringTask) -> SeriesEvent:
    return (RecurringTaskResumed if series.is_active else RecurringTaskPaused).of(series)
