"""What the parts of a rule are made of."""

from enum import StrEnum
from typing import Final, NamedTuple

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BY_FIELDS: Final = (
    "by_month",
    "by_week_no",
    "by_year_day",
    "by_month_day",
    "by_day",
    "by_hour",
    "by_minute",
    "by_second",
    "by_set_pos",
)


class RuleError(ValueError):
    """Why a rule, or what goes with it, cannot be; `part` is the part's name, or the field's."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(f"{part}: {message}")
        self.part = part
        self.message = message


class Frequency(StrEnum):
    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


class Skip(StrEnum):
    """What becomes of a day that its month lacks."""

    OMIT = "OMIT"
    BACKWARD = "BACKWARD"
    FORWARD = "FORWARD"


class Weekday(NamedTuple):
    """A day of BYDAY: the `ordinal`-th of its month or year, from the end if negative; 0: each."""

    ordinal: int
    day: int  # 0 is Monday

    def __str__(self) -> str:
        return f"{self.ordinal or ''}{WEEKDAYS[self.day]}"


def part_of(field: str) -> str:
    """The RRULE's name of a list: BYMONTHDAY of by_month_day."""
    return field.upper().replace("_", "")
