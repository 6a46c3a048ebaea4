"""When something recurs: a start in a zone, a rule, dates added and dates taken away."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from heapq import merge
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

from recurrence_app.rules.calendar import FIRST, LAST
from recurrence_app.rules.emptiness import why_empty
from recurrence_app.rules.expanding import Expansion, Local, day_of
from recurrence_app.rules.instants import Occurrence, clock, earliest, in_order, instant
from recurrence_app.rules.parts import RuleError
from recurrence_app.rules.rule import Rule

_AT: Final = attrgetter("at")
_BEGINNING: Final = datetime(FIRST.year - 1, 12, 31, tzinfo=UTC)
_END: Final = datetime(LAST.year + 1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Schedule:
    """Local years 1900 to 2200. Raises RuleError for parts that do not go together.

    `start` is an occurrence only if the rule gives it. COUNT counts the wall times that the rule
    gives, before `exdates` take any away; `end_date` ends what `rdates` add as well.
    """

    start: Local  # a date: all-day; else naive wall time in `zone`
    zone: ZoneInfo
    rule: Rule | None  # None: only start and rdates
    rdates: tuple[Local, ...] = ()
    exdates: tuple[Local, ...] = ()
    end_date: date | None = None  # the last local day

    def __post_init__(self) -> None:
        _check_local("start", self.start, self.is_all_day)
        for field in ("rdates", "exdates"):
            for local in getattr(self, field):
                _check_local(field, local, self.is_all_day)
        if self.end_date and self.end_date < day_of(self.start):
            raise RuleError("end_date", "It lies before start.")
        until = self.rule and self.rule.until
        if until and isinstance(until, datetime) is self.is_all_day:
            kind = "a date, as start is" if self.is_all_day else "a date and time, as start does"
            raise RuleError("UNTIL", f"Give {kind}.")

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    @property
    def ends(self) -> bool:
        """Is there a last occurrence? That nothing comes behind the year 2200 is no end."""
        rule = self.rule
        return rule is None or bool(rule.count or rule.until or self.end_date)

    def occurrences(
        self, *, after: Local | None = None, inclusive: bool = False
    ) -> Iterator[Occurrence]:
        """By instant, strictly increasing; those behind `after`, found without walking there.

        `after` is wall time in the zone (a day: its beginning), or an instant if it is aware;
        `inclusive` gives what is at `after` too.
        """
        if after is None or after.year < FIRST.year - 1:
            found = self._merged(None)
        elif after.year > LAST.year + 1:
            return iter(())
        else:
            found = self._behind(self._shown(after), inclusive)
        if self.exdates:
            found = (one for one in found if one.at not in self._excluded)
        return found

    def last(self) -> Occurrence | None:
        """Of a schedule that `ends`; None if it does not, or if it is empty."""
        if not self.ends:
            return None
        top = max([_BEGINNING, self._limit, *(one.at for one in self._added)])
        span = timedelta(hours=1)
        while True:
            after = max(top - span, _BEGINNING)
            found = deque(self.occurrences(after=after, inclusive=True), maxlen=1)
            if found or after == _BEGINNING:
                return found[0] if found else None
            span *= 8

    def why_empty(self) -> str | None:
        """A sentence for a person; None if there is an occurrence."""
        return why_empty(self)

    def _shown(self, after: Local) -> datetime:
        """What the clock shows; with its fold, in the second pass of a doubled hour."""
        if isinstance(after, datetime) and after.tzinfo:
            return after.astimezone(self.zone).replace(tzinfo=None)
        return clock(after)

    def _behind(self, wall: datetime, inclusive: bool) -> Iterator[Occurrence]:
        floor, since = instant(wall, self.zone), earliest(wall, self.zone)
        if since == wall and not inclusive:
            since += timedelta.resolution  # most often `wall` is the occurrence before
        for occurrence in self._merged(since):
            if occurrence.at > floor or (inclusive and occurrence.at == floor):
                yield occurrence

    def _merged(self, since: datetime | None) -> Iterator[Occurrence]:
        """What the rule and the dates beside it give, of the rule no wall time before `since`."""
        ruled = self._ruled(since)
        if not self._added:
            return ruled
        both = merge(ruled, self._added, key=_AT)
        return (next(same) for _, same in groupby(both, key=_AT))

    def _ruled(self, since: datetime | None) -> Iterator[Occurrence]:
        if self._expansion is None:
            return iter(())
        if since is None:
            walls = self._expansion.walls(self.start)
        else:
            walls = self._expansion.walls(since.date() if self.is_all_day else since)
        if (last := self._last_wall) is not None:
            walls = takewhile(lambda wall: wall <= last, walls)
        found = in_order(walls, self.zone)
        if (until := self._until) is not None:
            found = takewhile(lambda one: one.at <= until, found)
        return found

    @cached_property
    def _expansion(self) -> Expansion | None:
        return Expansion(self.rule, self.start) if self.rule else None

    @cached_property
    def _last_wall(self) -> Local | None:
        """The last that COUNT, an all-day UNTIL and `end_date` let through."""
        rule, lasts = self.rule, []
        if self._expansion and rule and rule.count:
            lasts.append(self._expansion.nth(rule.count))
        if rule and rule.until and self.is_all_day:
            lasts.append(_within(rule.until))
        if self.end_date:
            end = _within(self.end_date)
            lasts.append(end if self.is_all_day else datetime.combine(end, time.max))
        return min((last for last in lasts if last), default=None)

    @cached_property
    def _until(self) -> datetime | None:
        """UNTIL of a schedule with times."""
        until = self.rule and self.rule.until
        if self.is_all_day or not isinstance(until, datetime):
            return None
        if until.tzinfo:
            return until
        within = FIRST.year <= until.year <= LAST.year
        return instant(until, self.zone) if within else until.replace(tzinfo=UTC)

    @property
    def _limit(self) -> datetime:
        """An instant near the end, with nothing of the rule behind it but what a gap moves."""
        last = instant(self._last_wall, self.zone) if self._last_wall else _END
        return min(last, self._until or _END)

    @cached_property
    def _added(self) -> list[Occurrence]:
        """The rdates, and start where there is no rule, in order."""
        locals_ = self.rdates if self.rule else (self.start, *self.rdates)
        end = self.end_date or LAST
        found = [Occurrence(one, instant(one, self.zone)) for one in locals_ if day_of(one) <= end]
        return sorted(found, key=_AT)

    @cached_property
    def _excluded(self) -> frozenset[datetime]:
        return frozenset(instant(local, self.zone) for local in self.exdates)


def _within(day: date) -> date:
    """Within the calendar or just before it: the year 9999 has no room for an offset."""
    return max(min(day, LAST), _BEGINNING.date())


def _check_local(field: str, local: Local, is_all_day: bool) -> None:
    if isinstance(local, datetime) is is_all_day:
        raise RuleError(field, "Give dates throughout, or dates with times throughout.")
    if isinstance(local, datetime) and (local.tzinfo or local.microsecond):
        raise RuleError(field, "Give wall time, to the second and without an offset.")
    if not FIRST <= day_of(local) <= LAST:
        raise RuleError(field, f"Give dates between {FIRST} and {LAST}.")
