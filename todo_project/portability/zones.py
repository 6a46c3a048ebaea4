"""What a calendar file means by a time: zones that everybody knows, and those that it describes.

What a file says of a zone holds for that file alone, and is forgotten with it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from accounts.models import validate_time_zone
from recurrence_app.rules import Frequency, Rule, Schedule, parse
from tasks_app.due import EARLIEST
from todo_project.portability.content_lines import Component, Property, property_of, split

MOST_ZONES: Final = 20  # that a file describes and uses
MOST_CHANGES: Final = 2_000  # of the clocks of one zone: two a year are 600
MOST_RULES: Final = 100
LONGEST_NAME: Final = 255

_MOMENT: Final = re.compile(r"(\d{8})(?:T(\d{6})Z?)?", re.ASCII)
_OFFSET: Final = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)
_UTC: Final = ZoneInfo("UTC")


class UnclearZone(ValueError):
    """Nobody can say what time it is there."""


class Zones:
    """The zones of one file, each made when a time first names it."""

    def __init__(self, default: ZoneInfo) -> None:
        self.default = default  # of times that name none
        self._described: dict[str, Component] = {}
        self._made: dict[tuple[str, ...], _Clock] = {}

    def enter(self, described: Iterable[Component]) -> None:
        """From here on, the names of one calendar's VTIMEZONEs, and no other's, are theirs."""
        self._described = {_name_of(component): component for component in described}

    def instant(self, wall: datetime, name: str) -> datetime:
        """With its zone, or, where only the file knows that, its offset. Raises UnclearZone.

        A time that a clock change skips is read with the offset before; a doubled one is the first.
        """
        if not name:
            return wall.replace(tzinfo=self.default)
        if known := _known(name):
            return wall.replace(tzinfo=known)
        if name.strip("/") not in self._described:
            raise UnclearZone(f"the file does not say what its time zone {name[:64]} is.")
        clock = self._clock(self._described[name.strip("/")])
        return wall.replace(tzinfo=timezone(clock.offset(wall)))

    def _clock(self, component: Component) -> "_Clock":
        text = tuple(line.text for line in component.lines)
        if text not in self._made:
            if len(self._made) == MOST_ZONES:
                raise UnclearZone(f"the file has more than {MOST_ZONES} time zones of its own.")
            try:
                self._made[text] = _Clock(component)
            except (ValueError, LookupError, OverflowError) as error:
                raise UnclearZone(f"its time zone is not clear: {error}"[:200]) from error
        return self._made[text]


class _Change(NamedTuple):
    at: datetime  # by the clock as it was before
    before: timedelta  # from UTC
    after: timedelta


class _Clock:
    """A VTIMEZONE: its offset from UTC at every wall time."""

    def __init__(self, component: Component) -> None:
        _, rules = split(component.lines)
        if not 0 < len(rules) <= MOST_RULES:
            raise ValueError(f"it has {len(rules):,} parts; {MOST_RULES} is the most.")
        changes = (change for rule in rules for change in _changes(rule))
        self._changes = sorted(islice(changes, MOST_CHANGES + 1))
        if len(self._changes) > MOST_CHANGES:
            raise ValueError(f"it has more than {MOST_CHANGES:,} changes.")
        # Behind the gap, where there is one: what lies in it has the offset before.
        nothing = timedelta()
        self._since = [at + max(after - before, nothing) for at, before, after in self._changes]

    def offset(self, wall: datetime) -> timedelta:
        past = bisect_right(self._since, wall)
        return self._changes[past - 1].after if past else self._changes[0].before


def _name_of(component: Component) -> str:
    names = [said.value for said in _properties(component) if said.name == "TZID"]
    return names[0].strip().strip("/") if names else ""


def _known(name: str) -> ZoneInfo | None:
    """By its IANA name, that of Windows, or an IANA name behind a vendor's: /vendor/Europe/Rome."""
    if len(name) > LONGEST_NAME:
        return None
    plain = name.strip("/")
    parts = plain.split("/")[-3:] if name.startswith("/") else []
    endings = ["/".join(parts[number:]) for number in range(len(parts))]
    for candidate in (plain, WINDOWS_TO_OLSON.get(plain, ""), *endings):
        try:
            validate_time_zone(candidate)
        except ValidationError:
            continue
        return ZoneInfo(candidate)
    return None


def _changes(component: Component) -> Iterator[_Change]:
    """Of a STANDARD or DAYLIGHT: when it begins, and the offsets before and after."""
    said = {each.name: each.value for each in _properties(component)}
    before, after = _offset(said["TZOFFSETFROM"]), _offset(said["TZOFFSETTO"])
    start = _moment(said["DTSTART"])
    yield _Change(start, before, after)
    if "RRULE" in said:
        for at in _yearly(parse(said["RRULE"]), start, before):
            yield _Change(at, before, after)
    for each in _properties(component):
        for text in each.value.split(",") if each.name == "RDATE" else ():
            yield _Change(_moment(text), before, after)


def _yearly(rule: Rule, start: datetime, before: timedelta) -> Iterator[datetime]:
    """Clocks change by rules of months and days, once a year; any other could have no end."""
    finer = rule.by_hour or rule.by_minute or rule.by_second or rule.by_set_pos
    if rule.freq is not Frequency.YEARLY or rule.interval > 1 or rule.count or finer:
        raise ValueError("its rule is another than once a year by month and day.")
    until = rule.until
    if isinstance(until, datetime):  # an instant, by the RFC
        until = (until + before).replace(tzinfo=None) if until.tzinfo else until
    elif isinstance(until, date):
        until = datetime.combine(until, time(23, 59, 59))
    start = start.replace(year=max(start.year, EARLIEST.year))  # no task is due before
    for occurrence in Schedule(start, _UTC, replace(rule, until=until)).occurrences():
        if isinstance(occurrence.local, datetime):
            yield occurrence.local


def _properties(component: Component) -> list[Property]:
    own, _ = split(component.lines)
    return [said for line in own if (said := property_of(line.text))]


def _moment(text: str) -> datetime:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"{text[:60]} is no date with a time.")
    return datetime.strptime(match[1] + (match[2] or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007


def _offset(text: str) -> timedelta:
    match = _OFFSET.fullmatch(text)
    if not match:
        raise ValueError(f"{text[:60]} is no offset from UTC.")
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1):
        raise ValueError(f"{text} is a day or more.")
    return -offset if match[1] == "-" else offset
