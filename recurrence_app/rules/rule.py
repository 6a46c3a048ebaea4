"""A recurrence rule of RFC 5545, with RFC 7529's SKIP, taken apart into its parts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from recurrence_app.rules.checks import check
from recurrence_app.rules.parts import (
    BY_FIELDS,
    WEEKDAYS,
    Frequency,
    RuleError,
    Skip,
    Weekday,
    part_of,
)


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
        for name in BY_FIELDS:
            values = getattr(self, name)
            if len(values) > 1:
                object.__setattr__(self, name, tuple(sorted(set(values))))
        object.__setattr__(self, "until", _whole(self.until))
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


def _whole(until: date | datetime | None) -> date | datetime | None:
    """To the second, an instant in UTC: what the text can say."""
    if not isinstance(until, datetime):
        return until
    return (until.astimezone(UTC) if until.tzinfo else until).replace(microsecond=0, fold=0)


def _stamp(until: date | datetime | None) -> str:
    if until is None:
        return ""
    if not isinstance(until, datetime):
        return f"{until:%Y%m%d}".zfill(8)
    return f"{until:%Y%m%dT%H%M%S}".zfill(15) + ("Z" if until.tzinfo else "")
