"""When a task may be due: all-day or at an instant, in years that make sense."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models

# Dates beyond these are slips of the pen, and time zones have no rules for them.
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 12, 31)
BOUNDS: Final = (
    datetime.combine(EARLIEST, time(), tzinfo=UTC),
    datetime.combine(LATEST + timedelta(days=1), time(), tzinfo=UTC),
)


def validate_day(day: date) -> None:
    """Raise ValidationError for a day outside the years that a task may be due in."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError(f"Give a date between {EARLIEST} and {LATEST}.")


def validate_instant(instant: datetime) -> None:
    """As `validate_day`, in UTC; compared, since the edges of year 1 and 9999 cannot be moved."""
    if not BOUNDS[0] <= instant < BOUNDS[1]:
        raise ValidationError(f"Give an instant between {EARLIEST} and {LATEST}.")


def check_due(day: date | None, instant: datetime | None, zone: str | None) -> None:
    """Raise ValidationError, by field, unless these go together."""
    if day and instant:
        raise ValidationError({"due_at": "Give `due_date` or `due_at`, not both."})
    if zone and not instant:
        raise ValidationError({"due_timezone": "Only a task with `due_at` has a zone."})


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Midnight, in UTC: the first if there are two; one that is skipped, by the offset before."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


class DayEnd(models.Func):
    """The instant a day ends in a time zone, as `day_start` has it: DayEnd("due_date", zone).

    PostgreSQL has rules of its own for the zones: of another year than Python's, others for "CET"
    and the like, and it takes the second of two midnights. Ours go with the statement.
    """

    output_field = models.DateTimeField()

    def __init__(self, day: str, zone: ZoneInfo) -> None:
        super().__init__(day)
        self.zone = zone

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        day, params = compiler.compile(self.source_expressions[0])
        since, offsets = midnights(self.zone)
        seconds = f"(%s::int[])[width_bucket({day}, %s::date[])]"
        sql = f"(({day} + 1)::timestamp - make_interval(secs => {seconds})) AT TIME ZONE 'UTC'"
        return f"({sql})", (*params, offsets, *params, since)


@cache
def midnights(zone: ZoneInfo) -> tuple[list[date], list[int]]:
    """Days, and the offset from UTC in seconds at the ends of these and of those that follow."""
    since, offsets = [EARLIEST], [_offset(EARLIEST, zone)]
    day = EARLIEST
    while day <= LATEST:
        if _offset(day + _STEADY, zone) == offsets[-1]:
            day += _STEADY
            continue
        day += _DAY
        if (offset := _offset(day, zone)) != offsets[-1]:
            since.append(day)
            offsets.append(offset)
    return since, offsets


_DAY: Final = timedelta(days=1)
_STEADY: Final = 4 * _DAY  # no zone has ever gone back and forth in less than six


def _offset(day: date, zone: ZoneInfo) -> int:
    """At the end of the day."""
    end = datetime.combine(day + _DAY, time(), tzinfo=zone)
    return int((end.utcoffset() or timedelta()).total_seconds())
