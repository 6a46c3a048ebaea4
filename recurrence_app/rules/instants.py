"""Wall time in a zone, and the instants that it means.

A wall time that a clock change skips is read with the offset before the gap; a doubled one is
the first. A day stands for its beginning.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from recurrence_app.rules.expanding import Local

DAY: Final = timedelta(days=1)
MIDNIGHT: Final = time()


@dataclass(frozen=True, slots=True)
class Occurrence:
    local: Local  # its name in the series, as RFC 5545's RECURRENCE-ID has it
    at: datetime  # UTC; of a day: when it begins in the zone


def instant(local: Local, zone: ZoneInfo) -> datetime:
    """In UTC; of an aware time the instant that it is."""
    if not isinstance(local, datetime):
        local = datetime.combine(local, MIDNIGHT)
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


def earliest_wall(at: datetime, zone: ZoneInfo) -> datetime:
    """No wall time before this one means this instant or a later one.

    It is what the clock shows then, less what a change in the day before has skipped: the wall
    times in a gap mean instants behind it. No zone has ever skipped more than a day.
    """
    shown = at.astimezone(zone)
    skipped = _offset(shown) - _offset((at - DAY).astimezone(zone))
    return shown.replace(tzinfo=None, fold=0) - max(skipped, timedelta())


def in_order(walls: Iterable[Local], zone: ZoneInfo) -> Iterator[Occurrence]:
    """By instant, strictly increasing, of increasing wall times.

    02:30 in a gap is 03:30 and comes behind 03:00, so that what lies in a gap waits until the
    wall times are past it. Of two that mean one instant the first gives the name.
    """
    waiting: list[Occurrence] = []
    for wall in walls:
        occurrence = Occurrence(wall, instant(wall, zone))
        if _is_skipped(wall, zone):
            waiting.append(occurrence)
            continue
        while waiting and waiting[0].at < occurrence.at:
            yield waiting.pop(0)
        if not waiting or waiting[0].at != occurrence.at:
            yield occurrence
    yield from waiting


def _is_skipped(wall: Local, zone: ZoneInfo) -> bool:
    if not isinstance(wall, datetime):
        wall = datetime.combine(wall, MIDNIGHT)
    before, behind = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    return _offset(before) < _offset(behind)


def _offset(aware: datetime) -> timedelta:
    return aware.utcoffset() or timedelta()
