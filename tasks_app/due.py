"""When a task may be due: all-day or at an instant, in years that make sense."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

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


class DayEnd(models.Func):
    """The instant a day ends in a time zone: DayEnd("due_date", Value("Europe/Berlin"))."""

    template = "((%(expressions)s))"
    arg_joiner = " + 1)::timestamp AT TIME ZONE ("
    output_field = models.DateTimeField()
