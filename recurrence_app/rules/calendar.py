"""Arithmetic of months, years and weeks; a day is its ordinal, as `date.toordinal` counts."""

from calendar import isleap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from recurrence_app.rules.parts import Skip, Weekday

FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2200, 12, 31)
LAST_DAY: Final = LAST.toordinal()

_LENGTHS: Final = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_of(year: int, month: int) -> tuple[int, int]:
    """A month's first day and its length in days."""
    length = 29 if month == 2 and isleap(year) else _LENGTHS[month]
    return date(year, month, 1).toordinal(), length


def year_of(year: int) -> tuple[int, int]:
    """A year's first day and its length in days."""
    return date(year, 1, 1).toordinal(), 366 if isleap(year) else 365


def weekday_of(day: int) -> int:
    """0 is Monday."""
    return (day - 1) % 7


def first_week(year: int, week_start: int) -> int:
    """The day that week 1 begins on: the first week with at least four days in the year."""
    new_year = date(year, 1, 1).toordinal()
    into_week = (weekday_of(new_year) - week_start) % 7
    return new_year - into_week if into_week <= 3 else new_year - into_week + 7


def ordered(days: Iterable[int]) -> list[int]:
    """Without repeats."""
    found = list(days)
    return sorted(set(found)) if len(found) > 1 else found


def numbered(numbers: Iterable[int], first: int, length: int, skip: Skip) -> Iterator[int]:
    """Days of a span by their number in it, from the end if negative.

    A number beyond the span's end stands for its last day or the day behind it, one beyond its
    beginning for the day before it or its first, as `skip` says.
    """
    for number in numbers:
        if abs(number) <= length:
            yield first + (number - 1 if number > 0 else length + number)
        elif skip is not Skip.OMIT:
            behind = first + length if number > 0 else first
            yield behind - 1 if skip is Skip.BACKWARD else behind


def reaches_out(numbers: Iterable[int], shortest: int, skip: Skip) -> bool:
    """Can `numbered` give a day just outside of a span that has at least `shortest` days?"""
    return any(
        skip is (Skip.FORWARD if number > 0 else Skip.BACKWARD)
        for number in numbers
        if abs(number) > shortest
    )


def weekdays(wanted: Iterable[Weekday], first: int, length: int) -> Iterator[int]:
    """Days of a span by their weekday, each of them or the one with that number."""
    last = first + length - 1
    for ordinal, weekday in wanted:
        if ordinal < 0:
            day = last - (weekday_of(last) - weekday) % 7 + 7 * (ordinal + 1)
            if day >= first:
                yield day
            continue
        day = first + (weekday - weekday_of(first)) % 7
        if ordinal == 0:
            yield from range(day, last + 1, 7)
        elif day + 7 * (ordinal - 1) <= last:
            yield day + 7 * (ordinal - 1)


def among_weekdays(
    days: Iterable[int], wanted: Sequence[Weekday], *, in_year: bool = False
) -> list[int]:
    """Those of the days that are a wanted weekday, numbered in their own month or year."""
    plain = {weekday for ordinal, weekday in wanted if not ordinal}
    counted = [item for item in wanted if item.ordinal]
    return [
        day
        for day in days
        if weekday_of(day) in plain or (counted and _is_counted(day, counted, in_year))
    ]


def _is_counted(day: int, counted: Iterable[Weekday], in_year: bool) -> bool:
    when = date.fromordinal(day)
    first, length = year_of(when.year) if in_year else month_of(when.year, when.month)
    return day in weekdays(counted, first, length)
