"""The days that a yearly rule picks in each of its years."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from recurrence_app.rules.calendar import (
    FIRST,
    LAST,
    among_weekdays,
    first_week,
    month_of,
    numbered,
    ordered,
    reaches_out,
    weekday_of,
    weekdays,
    year_of,
)
from recurrence_app.rules.rule import Rule

ALL_MONTHS: Final = tuple(range(1, 13))


class Years:
    """A week that BYWEEKNO picks belongs to its year whole, where it lies in the next one too."""

    most = 368  # with days that SKIP moves
    uniform = False

    def __init__(self, rule: Rule, start: date) -> None:
        self._rule = rule
        self._start = start
        self._months = rule.by_month or ALL_MONTHS
        self.overlap = (
            bool(rule.by_week_no)
            or reaches_out(rule.by_month_day, 28, rule.skip)
            or reaches_out(rule.by_year_day, 365, rule.skip)
        )

    def number(self, day: int) -> int:
        return (date.fromordinal(day).year - self._start.year) // self._rule.interval

    def days(self, number: int) -> Sequence[int]:
        year = self._start.year + number * self._rule.interval
        if not FIRST.year - 1 <= year <= LAST.year + 1:
            return ()
        return ordered(self._days(year))

    def _days(self, year: int) -> Iterator[int]:
        rule = self._rule
        if rule.by_year_day or rule.by_month_day:
            yield from self._limited(year)
        elif rule.by_week_no:
            yield from self._of_weeks(year)
        elif rule.by_day and rule.by_month:
            for month in rule.by_month:
                yield from weekdays(rule.by_day, *month_of(year, month))
        elif rule.by_day:
            yield from weekdays(rule.by_day, *year_of(year))
        else:
            for month in rule.by_month or (self._start.month,):
                yield from numbered((self._start.day,), *month_of(year, month), rule.skip)

    def _limited(self, year: int) -> Sequence[int]:
        """Days by their number in the month or in the year; the other parts only take away."""
        rule = self._rule
        days = self._of_year(year) if rule.by_year_day else self._of_months(year)
        if rule.by_year_day and rule.by_month_day:
            days = sorted(set(days).intersection(self._of_months(year)))
        if rule.by_week_no:
            days = self._in_weeks(days, year)
        if rule.by_day:
            days = among_weekdays(days, rule.by_day, in_year=not rule.by_month)
        return days

    def _of_year(self, year: int) -> list[int]:
        days = numbered(self._rule.by_year_day, *year_of(year), self._rule.skip)
        return [day for day in days if date.fromordinal(day).month in self._months]

    def _of_months(self, year: int) -> list[int]:
        numbers, skip = self._rule.by_month_day, self._rule.skip
        return [
            day for month in self._months for day in numbered(numbers, *month_of(year, month), skip)
        ]

    def _of_weeks(self, year: int) -> Iterator[int]:
        """The weekdays of BYDAY, or else that of start, in the weeks of a year."""
        rule = self._rule
        wanted = {item.day for item in rule.by_day} or {weekday_of(self._start.toordinal())}
        for week in self._weeks(year):
            for weekday in wanted:
                day = week + (weekday - rule.week_start) % 7
                if not rule.by_month or date.fromordinal(day).month in rule.by_month:
                    yield day

    def _in_weeks(self, days: Iterable[int], year: int) -> list[int]:
        """Those of the days whose week is picked, be it one of the year before or behind."""
        weeks = {week for near in (year - 1, year, year + 1) for week in self._weeks(near)}
        start = self._rule.week_start
        return [day for day in days if day - (weekday_of(day) - start) % 7 in weeks]

    def _weeks(self, year: int) -> Iterator[int]:
        """The first days of the year's weeks that BYWEEKNO picks."""
        first = first_week(year, self._rule.week_start)
        count = (first_week(year + 1, self._rule.week_start) - first) // 7
        for number in self._rule.by_week_no:
            if abs(number) <= count:
                yield first + 7 * (number - 1 if number > 0 else count + number)
