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
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
WALL_EPOCH: Final = EPOCH.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Occurrence:
    local: Local  # its name in the series, as RFC 5545's RECURRENCE-ID has it
    at: datetime  # UTC; of a day: when it begins in the zone


def instant(local: Local, zone: ZoneInfo) -> datetime:
    """In UTC."""
    wall = clock(local)
    return EPOCH + (wall - WALL_EPOCH - _offset(wall, zone))


def clock(local: Local) -> datetime:
    """Wall time with its time of day: midnight of a day."""
    return local if isinstance(local, datetime) else datetime.combine(local, time())


def earliest(wall: datetime, zone: ZoneInfo) -> datetime:
    """No wall time before this one means the instant that `wall` means, or a later one.

    It is earlier by what a clock change in the day before has skipped: wall times in a gap mean
    instants behind it. No zone has ever skipped more than a day.
    """
    skipped = _offset(wall, zone) - _offset(wall - DAY, zone)
    return wall - max(skipped, timedelta())


def in_order(walls: Iterable[Local], zone: ZoneInfo) -> Iterator[Occurrence]:
    """By instant, strictly increasing, of increasing wall times.

    02:30 in a gap is 03:30 and comes behind 03:00, so that what lies in a gap waits until the
    wall times are past it. Of two that mean one instant the first gives the name.
    """
    waiting: list[Occurrence] = []
    for wall in walls:
        occurrence = Occurrence(wall, instant(wall, zone))
        if _is_skipped(clock(wall), zone):
            waiting.append(occurrence)
            continue
        while waiting and waiting[0].at < occurrence.at:
            yield waiting.pop(0)
        if not waiting or waiting[0].at != occurrence.at:
            yield occurrence
    yield from waiting


def _is_skipped(wall: datetime, zone: ZoneInfo) -> bool:
    offset = _offset(wall, zone)
    # A quick look first: clocks that are not put forward within the day have skipped nothing.
    return offset < _offset(wall + DAY, zone) and offset < _offset(wall.replace(fold=1), zone)


def _offset(wall: datetime, zone: ZoneInfo) -> timedelta:
    """Asked of the zone itself: making the time aware costs ten times as much."""
    return zone.utcoffset(wall) or timedelta()
