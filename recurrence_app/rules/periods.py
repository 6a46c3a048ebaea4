"""The days that a rule picks in each of its periods, found by the period's number.

Each class answers two questions by arithmetic, however old the series is: in which period a day
lies, and which days a period has. Days are ordinals, in order and without repeats; period 0 is
the one that `start` lies in. RFC 5545's table of what expands and what limits is written out here.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from recurrence_app.rules.calendar import (
    among_weekdays,
    month_of,
    numbered,
    ordered,
    reaches_out,
    weekday_of,
    weekdays,
)
from recurrence_app.rules.parts import Frequency, Skip
from recurrence_app.rules.rule import Rule
from recurrence_app.rules.years import Years

CHUNK: Final = 8  # days of a daily rule that are handled at once


class Periods(Protocol):
    most: int  # days that a period can have
    uniform: bool  # each has as many
    overlap: bool  # a day of a period can lie in the one before or behind it

    def number(self, day: int) -> int:
        """The period that a day lies in, or the gap behind it."""

    def days(self, number: int) -> Sequence[int]: ...


def periods_of(rule: Rule, start: date) -> Periods:
    match rule.freq:
        case Frequency.YEARLY:
            return Years(rule, start)
        case Frequency.MONTHLY:
            return Months(rule, start)
        case Frequency.WEEKLY:
            return Weeks(rule, start)
    if rule.by_month or rule.by_month_day or rule.by_day:
        return LimitedDays(rule, start)
    return Days(rule, start)


class Days:
    """A daily rule without limits: all its days are `interval` apart."""

    most = CHUNK
    uniform = True
    overlap = False

    def __init__(self, rule: Rule, start: date) -> None:
        self._start = start.toordinal()
        self._interval = rule.interval

    def number(self, day: int) -> int:
        return (day - self._start) // (self._interval * CHUNK)

    def days(self, number: int) -> Sequence[int]:
        first = self._start + number * self._interval * CHUNK
        return range(first, first + self._interval * CHUNK, self._interval)


class LimitedDays:
    """A daily rule that BYMONTH, BYMONTHDAY or BYDAY limit, month by month."""

    most = 31
    uniform = False
    overlap = False

    def __init__(self, rule: Rule, start: date) -> None:
        self._rule = rule
        self._start = start.toordinal()
        self._month = start.year * 12 + start.month - 1

    def number(self, day: int) -> int:
        when = date.fromordinal(day)
        return when.year * 12 + when.month - 1 - self._month

    def days(self, number: int) -> Sequence[int]:
        year, month = divmod(self._month + number, 12)
        if self._rule.by_month and month + 1 not in self._rule.by_month:
            return ()
        first, length = month_of(year, month + 1)
        aligned = first + (self._start - first) % self._rule.interval
        days: Sequence[int] = range(aligned, first + length, self._rule.interval)
        if self._rule.by_month_day:
            numbers = set(numbered(self._rule.by_month_day, first, length, Skip.OMIT))
            days = [day for day in days if day in numbers]
        if self._rule.by_day:
            days = among_weekdays(days, self._rule.by_day)
        return days


class Weeks:
    """A week begins on WKST; BYMONTH limits by each day's own month."""

    overlap = False

    def __init__(self, rule: Rule, start: date) -> None:
        day = start.toordinal()
        wanted = {item.day for item in rule.by_day} or {weekday_of(day)}
        self._offsets = sorted((weekday - rule.week_start) % 7 for weekday in wanted)
        self._first = day - (weekday_of(day) - rule.week_start) % 7
        self._step = 7 * rule.interval
        self._months = rule.by_month
        self.most = len(self._offsets)
        self.uniform = not rule.by_month

    def number(self, day: int) -> int:
        return (day - self._first) // self._step

    def days(self, number: int) -> Sequence[int]:
        first = self._first + number * self._step
        days = [first + offset for offset in self._offsets]
        return [day for day in days if self._in_months(day)] if self._months else days

    def _in_months(self, day: int) -> bool:
        return date.fromordinal(day).month in self._months


class Months:
    most = 32  # with a day that SKIP moves
    uniform = False

    def __init__(self, rule: Rule, start: date) -> None:
        self._rule = rule
        self._month = start.year * 12 + start.month - 1
        by_start = not (rule.by_month_day or rule.by_day)
        self._numbers = (start.day,) if by_start else rule.by_month_day
        self.overlap = reaches_out(self._numbers, 28, rule.skip)

    def number(self, day: int) -> int:
        when = date.fromordinal(day)
        return (when.year * 12 + when.month - 1 - self._month) // self._rule.interval

    def days(self, number: int) -> Sequence[int]:
        rule = self._rule
        year, month = divmod(self._month + number * rule.interval, 12)
        if rule.by_month and month + 1 not in rule.by_month:
            return ()
        first, length = month_of(year, month + 1)
        if not self._numbers:
            return ordered(weekdays(rule.by_day, first, length))
        days = ordered(numbered(self._numbers, first, length, rule.skip))
        return among_weekdays(days, rule.by_day) if rule.by_day else days
