"""What a rule gives, in the short words of tables."""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from recurrence_app.rules import Local, Schedule, parse

NEW_YORK = ZoneInfo("America/New_York")


def schedule(rule: str | None, start: Local, zone: ZoneInfo = NEW_YORK, **others: Any) -> Schedule:
    return Schedule(start, zone, parse(rule) if rule else None, **others)


def locals_of(plan: Schedule, count: int | None = None) -> list[Local]:
    return [found.local for found in islice(plan.occurrences(), count)]


def days_of(rule: str, start: date, count: int | None = None) -> list[Local]:
    """Of an all-day schedule."""
    return locals_of(schedule(rule, start), count)


def days(told: str) -> list[date]:
    """1997: 9/2 4 9-11 10/1; 1998: 1/5."""
    return list(_days(told))


def _days(told: str) -> Iterator[date]:
    month = 0
    for years in told.split(";"):
        year, _, words = years.partition(":")
        for word in words.split():
            before, slash, rest = word.rpartition("/")
            month = int(before) if slash else month
            first, _, last = rest.partition("-")
            for day in range(int(first), int(last or first) + 1):
                yield date(int(year), month, day)


def at(hour: int, told: str) -> list[datetime]:
    """These days at a full hour."""
    return [datetime.combine(day, time(hour)) for day in days(told)]
