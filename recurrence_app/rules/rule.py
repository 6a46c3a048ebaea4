"""A recurrence rule of RFC 5545, with RFC 7529's SKIP, taken apart into its parts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


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


@dataclass(frozen=True)
class Rule:
    """Parts that go together; lists are in order and without repeats. Raises RuleError."""

    freq: Frequency
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None  # aware: an instant; naive: wall time; a date: all-day
    by_month: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[Weekday, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0
    skip: Skip = Skip.OMIT

    def __post_init__(self) -> None:
        from recurrence_app.rules.checks import check

        for name in BY_FIELDS:
            values = getattr(self, name)
            if len(values) > 1:
                object.__setattr__(self, name, tuple(sorted(set(values))))
        check(self)

    def __str__(self) -> str:
        """The canonical RRULE text: parts in one order, what is the default left out."""
        parts = {
            "FREQ": self.freq,
            "INTERVAL": self.interval if self.interval != 1 else "",
            "COUNT": self.count,
            "UNTIL": _stamp(self.until),
            **{part_of(name): ",".join(map(str, getattr(self, name))) for name in BY_FIELDS},
            "WKST": WEEKDAYS[self.week_start] if self.week_start else "",
            "SKIP": self.skip if self.skip is not Skip.OMIT else "",
        }
        return ";".join(f"{part}={value}" for part, value in parts.items() if value)


BY_FIELDS: Final = tuple(name for name in Rule.__dataclass_fields__ if name.startswith("by_"))


def part_of(field: str) -> str:
    """The RRULE's name of a list: BYMONTHDAY of by_month_day."""
    return field.upper().replace("_", "")


def _stamp(until: date | datetime | None) -> str:
    if until is None:
        return ""
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}".zfill(8)
    return f"{until:%Y%m%dT%H%M%S}".zfill(15) + ("Z" if until.tzinfo else "")


def simple(kind: str, interval: int = 1) -> Rule:
    """Every `interval` days, weeks, months or years; the 31st gives the last day where it must.

    `kind` is daily, weekly, monthly or yearly. Raises RuleError.
    """
    try:
        freq = Frequency(kind.upper())
    except ValueError:
        raise RuleError("FREQ", "Give daily, weekly, monthly or yearly.") from None
    days_vary = freq in (Frequency.MONTHLY, Frequency.YEARLY)
    return Rule(freq, interval=interval, skip=Skip.BACKWARD if days_vary else Skip.OMIT)
