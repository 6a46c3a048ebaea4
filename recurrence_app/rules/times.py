"""The times of day of a rule: BYHOUR by BYMINUTE by BYSECOND, or those of start."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import overload

from recurrence_app.rules.parts import Frequency
from recurrence_app.rules.rule import Rule

Numbers = tuple[int, ...]


def times_of(rule: Rule, start: date | datetime) -> Sequence[time]:
    """In order; all-day has one, since RFC 5545 ignores BYHOUR and the like there."""
    if not isinstance(start, datetime):
        times: Sequence[time] = (time(),)
    elif rule.by_hour or rule.by_minute or rule.by_second:
        times = Times(
            rule.by_hour or (start.hour,),
            rule.by_minute or (start.minute,),
            _seconds(rule.by_second or (start.second,)),
        )
    else:
        times = (start.time(),)
    if rule.freq is Frequency.DAILY and rule.by_set_pos:
        return tuple(times[place] for place in places(rule.by_set_pos, len(times)))
    return times


def places(positions: Iterable[int], length: int) -> list[int]:
    """The indices, in order, of BYSETPOS's positions in a set with this many members."""
    found = {position - 1 if position > 0 else length + position for position in positions}
    return sorted(place for place in found if 0 <= place < length)


def _seconds(seconds: Numbers) -> Numbers:
    """RFC 5545, 3.3.12: who has no leap seconds reads 60 as 59."""
    return tuple(sorted({min(second, 59) for second in seconds}))


class Times(Sequence[time]):
    """Up to 86,400 times of day, made when they are asked for."""

    def __init__(self, hours: Numbers, minutes: Numbers, seconds: Numbers) -> None:
        self._hours, self._minutes, self._seconds = hours, minutes, seconds

    def __len__(self) -> int:
        return len(self._hours) * len(self._minutes) * len(self._seconds)

    @overload
    def __getitem__(self, index: int) -> time: ...
    @overload
    def __getitem__(self, index: slice) -> list[time]: ...
    def __getitem__(self, index: int | slice) -> time | list[time]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        rest, second = divmod(range(len(self))[index], len(self._seconds))
        hour, minute = divmod(rest, len(self._minutes))
        return time(self._hours[hour], self._minutes[minute], self._seconds[second])
