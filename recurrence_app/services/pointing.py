"""Where a series goes on after its owner has changed it."""

from collections.abc import Collection
from datetime import date, datetime

from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import (
    Due,
    Wishes,
    by_rule,
    day_of,
    in_order,
    is_named,
    is_past,
    local_of,
    moved_one,
)
from recurrence_app.progress import pointers, resting, still_to_come
from recurrence_app.services.fields import GRID
from tasks_app.models import OPEN, Task

_MOVES_ON = {"is_active", "trigger", *GRID}
_THINS = {"exdates", "rdates", "end_date"}
_EARLIER = {"create_ahead", "reminders", "count_from"}


def go_on(
    series: RecurringTask,
    changed: Collection[str],
    *,
    now: datetime,
    has_open: bool | None = None,
) -> None:
    """Point a series at what comes next, now that the fields `changed` are others.

    Other days, or the end of a pause, begin with what is still to come, on a later day than the
    last task's. Dates added, taken away or cut off leave the rest where it is.
    """
    if not series.failures and not (_MOVES_ON | _THINS | _EARLIER).intersection(changed):
        return
    series.failures = 0  # the change may have been the cure
    wishes = series.wishes()
    if _MOVES_ON.isdisjoint(changed):
        following = _same_days(series, wishes, now)
    else:
        following = still_to_come(wishes, now, behind=last_day(series))
        _forget_moves(series, wishes, now)
    point_at(series, wishes, following, now=now, has_open=has_open)


def point_at(
    series: RecurringTask,
    wishes: Wishes,
    following: Due | None,
    *,
    now: datetime,
    has_open: bool | None = None,
) -> None:
    """A series that goes on by completion waits while its task is open.

    `has_open` says whether it is, where that is known. A series that is paused has nothing to do.
    """
    if has_open is None:
        has_open = wishes.on_completion and has_open_task(series)
    if wishes.on_completion and has_open:
        series.point(resting(wishes, following))
    else:
        waiting = frozenset() if wishes.on_completion else frozenset(series.waiting)
        series.point(pointers(wishes, following, waiting))
    if not series.is_active:
        series.spawn_at = None
    elif series.spawn_at is not None:
        series.spawn_at = max(series.spawn_at, now)  # nobody is late for what is wanted now


def last_day(series: RecurringTask) -> date | None:
    return day_of(local_of(series.last_occurrence)) if series.last_occurrence else None


def has_open_task(series: RecurringTask) -> bool:
    """Whether the task of its last occurrence is still to be done."""
    tasks = Task.objects.filter(recurring_task_id=series.pk, occurrence=series.last_occurrence)
    return bool(series.last_occurrence) and tasks.filter(status__in=OPEN).exists()


def _same_days(series: RecurringTask, wishes: Wishes, now: datetime) -> Due | None:
    """What was owed already stays owed; a date that was added counts when it is still to come."""
    since = series.next_occurrence
    owed = next(by_rule(wishes, since=since), None) if since else None
    added = still_to_come(wishes, now, behind=last_day(series))
    return min(filter(None, (owed, added)), key=in_order, default=None)


def _forget_moves(series: RecurringTask, wishes: Wishes, now: datetime) -> None:
    """Of moved occurrences those still count that the series still has, and that are not past."""
    series.waiting = [
        name
        for name in series.waiting
        if is_named(wishes, name) and not is_past(wishes, moved_one(wishes, name), now)
    ]
