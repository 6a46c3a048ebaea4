"""The occurrences of a series: their names, when they take place, when they need a task.

The name is the local day or wall time that the rule gives, as ISO text. It stays when the
occurrence is moved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from recurrence_app.rules import Local, Schedule

_DAY: Final = len("2026-03-31")


@dataclass(frozen=True)
class Wishes:
    """What is asked of a series. `moved` is name → when that occurrence takes place instead."""

    schedule: Schedule
    moved: Mapping[str, Local] = field(default_factory=dict)
    on_completion: bool = False
    from_completion: bool = False
    catch_up: str = "all"
    ahead: timedelta = timedelta()
    first_reminder: timedelta = timedelta()  # from the due time; not above zero

    @property
    def zone(self) -> ZoneInfo:
        return self.schedule.zone


@dataclass(frozen=True, slots=True)
class Due:
    """An occurrence by its name, and when it takes place."""

    name: str
    local: Local
    at: datetime

    @property
    def day(self) -> date:
        return day_of(self.local)


def name_of(local: Local) -> str:
    """Names of one series sort as their times do."""
    return local.isoformat()


@lru_cache(4096)
def local_of(name: str) -> Local:
    """A date for an all-day occurrence. Raises ValueError for what is no name."""
    return date.fromisoformat(name) if len(name) == _DAY else datetime.fromisoformat(name)


def day_of(local: Local) -> date:
    return local.date() if isinstance(local, datetime) else local


def instant_of(local: Local, zone: ZoneInfo) -> datetime:
    """A wall time that a clock change skips is read with the offset before it, as the rules do."""
    wall = local if isinstance(local, datetime) else datetime.combine(local, time.min)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def spawn_of(wishes: Wishes, due: Due) -> datetime:
    """When its task has to be made: as its local day begins, or earlier.

    By so many days as asked, and never after its earliest reminder.
    """
    begins = instant_of(due.day - wishes.ahead, wishes.zone)
    return min(begins, due.at + wishes.first_reminder)


def today_of(wishes: Wishes, now: datetime) -> date:
    return now.astimezone(wishes.zone).date()


def is_past(wishes: Wishes, due: Due, now: datetime) -> bool:
    """An all-day one is past when its day is over, in the zone of the series."""
    if isinstance(due.local, datetime):
        return due.at < now
    return due.local < today_of(wishes, now)


def by_rule(
    wishes: Wishes, *, since: str | None = None, behind: str | None = None, day: date | None = None
) -> Iterator[Due]:
    """In their order, without those that were moved; at most one bound is given.

    From the name `since` on, from the first behind the name `behind`, or from a local day on.
    """
    after: Local | None = None
    if since is not None or behind is not None:
        after = local_of(since or behind or "")
    elif day is not None:
        after = start_of(wishes.schedule, day)
    found = wishes.schedule.occurrences(after=after, inclusive=behind is None)
    for occurrence in found:
        name = name_of(occurrence.local)
        if name not in wishes.moved:
            yield Due(name, occurrence.local, occurrence.at)


def is_named(wishes: Wishes, name: str) -> bool:
    """Whether the schedule has an occurrence of this name, moved or not."""
    found = wishes.schedule.occurrences(after=local_of(name), inclusive=True)
    return any(name_of(each.local) == name for each in islice(found, 1))


def start_of(schedule: Schedule, day: date) -> Local:
    """The first name that could be on this day."""
    is_timed = isinstance(schedule.start, datetime)
    return datetime.combine(day, time.min) if is_timed else day


def moved_one(wishes: Wishes, name: str) -> Due:
    """An occurrence that takes place at another time than the rule says."""
    local = wishes.moved[name]
    return Due(name, local, instant_of(local, wishes.zone))


def in_order(due: Due) -> tuple[datetime, str]:
    return due.at, due.name
