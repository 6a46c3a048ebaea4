"""What a series has in a span of time, and what has become of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import dropwhile, islice, takewhile
from typing import Final

from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import (
    Due,
    Wishes,
    in_order,
    instant_of,
    is_named,
    local_of,
    moved_one,
    name_of,
)
from recurrence_app.rules import Local
from tasks_app.models import Task

MOST_SHOWN: Final = 366
_DAYS: Final = timedelta(days=2)  # no two zones are further apart


@dataclass(frozen=True)
class Entry:
    """`local` and `at` say when it takes place, `name` when the rule has it."""

    name: str
    local: Local
    at: datetime
    skipped: bool
    moved: bool
    task_id: int | None


def agenda(series: RecurringTask, *, start: datetime, end: datetime) -> tuple[list[Entry], bool]:
    """The occurrences from `start` until before `end`, in their order; and whether there are more.

    Those that are skipped are among them. A series that counts from the completion has those that
    have a task, and the next one: what comes then nobody knows yet.
    """
    wishes = series.wishes()
    counted = wishes.on_completion and wishes.from_completion
    regular = _known(series, wishes, start, end) if counted else _by_rule(wishes, start)
    moved = [moved_one(wishes, name) for name in series.moved if counted or is_named(wishes, name)]
    taken = {each.name for each in moved}
    both = merge(
        (each for each in regular if each.name not in taken),
        sorted(moved, key=in_order),
        key=in_order,
    )
    return _told(series, wishes, _between(both, start, end))


def _by_rule(wishes: Wishes, start: datetime) -> Iterator[Due]:
    """With those that were skipped, and those that were moved at their old places."""
    whole = replace(wishes.schedule, exdates=())
    for each in whole.occurrences(after=start, inclusive=True):
        yield Due(name_of(each.local), each.local, each.at)


def _known(series: RecurringTask, wishes: Wishes, start: datetime, end: datetime) -> Iterator[Due]:
    span = ((start - _DAYS).date().isoformat(), (end + _DAYS).date().isoformat())
    tasks = Task.objects.filter(recurring_task_id=series.pk, occurrence__range=span)
    names = set(tasks.values_list("occurrence", flat=True))
    if series.next_occurrence:
        names.add(series.next_occurrence)
    for local in map(local_of, sorted(names)):
        yield Due(name_of(local), local, instant_of(local, wishes.zone))


def _between(dues: Iterator[Due], start: datetime, end: datetime) -> list[Due]:
    """One more than are shown, if there are so many."""
    begun = dropwhile(lambda due: due.at < start, dues)
    return list(islice(takewhile(lambda due: due.at < end, begun), MOST_SHOWN + 1))


def _told(series: RecurringTask, wishes: Wishes, dues: list[Due]) -> tuple[list[Entry], bool]:
    shown = dues[:MOST_SHOWN]
    skipped = {instant_of(local, wishes.zone) for local in wishes.schedule.exdates}
    tasks = Task.objects.filter(
        recurring_task_id=series.pk, occurrence__in=[each.name for each in shown]
    )
    ids = dict(tasks.values_list("occurrence", "id"))
    entries = [
        Entry(
            name=each.name,
            local=each.local,
            at=each.at,
            skipped=each.name not in series.moved and each.at in skipped,
            moved=each.name in series.moved,
            task_id=ids.get(each.name),
        )
        for each in shown
    ]
    return entries, len(dues) > MOST_SHOWN
