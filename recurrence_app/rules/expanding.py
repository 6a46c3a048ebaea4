"""The wall times that a rule gives, one after the other, from wherever one wants to begin."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from heapq import merge
from itertools import groupby, islice

from recurrence_app.rules.calendar import LAST_DAY
from recurrence_app.rules.parts import Frequency
from recurrence_app.rules.periods import periods_of
from recurrence_app.rules.rule import Rule
from recurrence_app.rules.times import places, times_of

Local = date | datetime  # wall time, naive; a date is an all-day occurrence


def day_of(local: Local) -> date:
    return local.date() if isinstance(local, datetime) else local


class Expansion:
    """A rule from its start to the end of the year 2200, whatever its COUNT and UNTIL.

    A period's members are its days by the times of day, or those of them that BYSETPOS chooses.
    They are told apart by their place among all of the days by all of the times, and made only
    when they are asked for: a rule can have 86,400 a day.
    """

    def __init__(self, rule: Rule, start: Local) -> None:
        self._start = start
        self._timed = isinstance(start, datetime)
        self._periods = periods_of(rule, start)
        self._times = times_of(rule, start)
        # A day is the whole set of a daily rule: `times_of` has chosen in it already.
        self._positions = () if rule.freq is Frequency.DAILY else rule.by_set_pos
        most = self._periods.most * len(self._times)
        self._is_empty = not self._times or (
            bool(self._positions) and all(abs(position) > most for position in self._positions)
        )
        self._last = self._periods.number(LAST_DAY)

    def walls(self, since: Local) -> Iterator[Local]:
        """Strictly increasing, from the first that is neither before start nor before `since`."""
        if self._is_empty:
            return iter(())
        since = max(since, self._start)
        first = self._periods.number(since.toordinal())
        if not self._periods.overlap:
            return self._walk(range(first, self._last + 1), since)
        # What lies in the next period or the one before never lies further off, so that every
        # other period is in order.
        numbers = range(first - 1, self._last + 2)
        return _unique(merge(self._walk(numbers[::2], since), self._walk(numbers[1::2], since)))

    def nth(self, position: int) -> Local | None:
        """The wall time at this position, from 1, counted by whole periods; None: too few."""
        if self._periods.overlap or self._is_empty:
            return next(islice(self.walls(self._start), position - 1, None), None)
        number = self._periods.number(self._start.toordinal())
        days = self._periods.days(number)
        chosen = self._places(days)
        left = position - 1 + self._before(self._start, days, chosen)
        if self._periods.uniform and chosen:
            whole, left = divmod(left, len(chosen))
            number += whole
        for period in range(number, self._last + 1):
            days = self._periods.days(period)
            chosen = self._places(days)
            if left < len(chosen):
                return self._wall(days, chosen[left])
            left -= len(chosen)
        return None

    def _walk(self, numbers: Iterable[int], since: Local) -> Iterator[Local]:
        if len(self._times) == 1 and not self._positions:
            return self._walk_by_day(numbers, since)
        return self._walk_by_place(numbers, since)

    def _walk_by_day(self, numbers: Iterable[int], since: Local) -> Iterator[Local]:
        """As `_walk_by_place`, without places: what most rules need, and faster."""
        since_day, at = since.toordinal(), self._times[0]
        for number in numbers:
            for ordinal in self._periods.days(number):
                if ordinal < since_day:
                    continue
                if ordinal > LAST_DAY:
                    return
                day = date.fromordinal(ordinal)
                wall = datetime.combine(day, at) if self._timed else day
                if wall >= since:
                    yield wall

    def _walk_by_place(self, numbers: Iterable[int], since: Local) -> Iterator[Local]:
        for number in numbers:
            days = self._periods.days(number)
            if not days:
                continue
            chosen = self._places(days)
            for place in chosen[self._before(since, days, chosen) :]:
                wall = self._wall(days, place)
                if wall is None:
                    return
                yield wall

    def _places(self, days: Sequence[int]) -> Sequence[int]:
        length = len(days) * len(self._times)
        return places(self._positions, length) if self._positions else range(length)

    def _before(self, since: Local, days: Sequence[int], chosen: Sequence[int]) -> int:
        """How many of the chosen lie before a wall time."""
        day = since.toordinal()
        if not days or days[0] > day:
            return 0
        index = bisect_left(days, day)
        place = index * len(self._times)
        if isinstance(since, datetime) and index < len(days) and days[index] == day:
            place += bisect_left(self._times, since.time())
        return bisect_left(chosen, place)

    def _wall(self, days: Sequence[int], place: int) -> Local | None:
        """None: it lies behind the year 2200."""
        index, number = divmod(place, len(self._times))
        if days[index] > LAST_DAY:
            return None
        day = date.fromordinal(days[index])
        return datetime.combine(day, self._times[number]) if self._timed else day


def _unique(walls: Iterable[Local]) -> Iterator[Local]:
    """In order, without repeats."""
    return (wall for wall, _ in groupby(walls))
