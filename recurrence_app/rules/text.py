"""The text of an RRULE, read strictly."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from recurrence_app.rules.parts import (
    BY_FIELDS,
    WEEKDAYS,
    Frequency,
    RuleError,
    Skip,
    Weekday,
    part_of,
)
from recurrence_app.rules.rule import Rule

LONGEST: Final = 1000  # characters
REMEMBERED: Final = 4096  # rules

_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_SIGNED: Final = re.compile(r"[+-]?[0-9]{1,3}")
_WEEKDAY: Final = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?")


def parse(text: str) -> Rule:
    """The rule that a text says; letters may be small, and "RRULE:" may stand before it.

    Raises RuleError, naming the part, for what RFC 5545 does not have or we do not do.
    """
    if len(text) > LONGEST:
        raise RuleError("rrule", f"Give at most {LONGEST} characters.")
    return _parse(text)


@lru_cache(REMEMBERED)
def _parse(text: str) -> Rule:
    given = _split(text.strip().upper().removeprefix("RRULE:"))
    if "FREQ" not in given:
        raise RuleError("FREQ", "Say how often: DAILY, WEEKLY, MONTHLY or YEARLY.")
    if given.pop("RSCALE", "GREGORIAN") != "GREGORIAN":
        raise RuleError("RSCALE", "Only GREGORIAN is known.")
    fields: dict[str, Any] = {}
    for part, value in given.items():
        if part not in _READERS:
            raise RuleError(part[:40], "There is no such part.")
        field, read = _READERS[part]
        fields[field] = read(part, value)
    return Rule(**fields)


def _split(text: str) -> dict[str, str]:
    given: dict[str, str] = {}
    for piece in text.split(";"):
        part, equals, value = piece.partition("=")
        if not part or not equals:
            raise RuleError("rrule", "Give parts as NAME=VALUE with a semicolon between them.")
        if not value:
            raise RuleError(part[:40], "It is empty.")
        if part in given:
            raise RuleError(part[:40], "It stands there twice.")
        given[part] = value
    return given


def _frequency(part: str, value: str) -> Frequency:
    if value in ("HOURLY", "MINUTELY", "SECONDLY"):
        raise RuleError(part, "Nothing recurs more often than DAILY; BYHOUR gives hours of a day.")
    if value not in Frequency.__members__:
        raise RuleError(part, "Give DAILY, WEEKLY, MONTHLY or YEARLY.")
    return Frequency(value)


def _skip(part: str, value: str) -> Skip:
    if value not in Skip.__members__:
        raise RuleError(part, "Give OMIT, BACKWARD or FORWARD.")
    return Skip(value)


def _number(part: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise RuleError(part, "Give a whole number from 1 to 9999.")
    return int(value)


def _week_start(part: str, value: str) -> int:
    if value not in WEEKDAYS:
        raise RuleError(part, "Give one day: MO, TU, WE, TH, FR, SA or SU.")
    return WEEKDAYS.index(value)


def _until(part: str, value: str) -> date | datetime:
    """A date, a wall time, or with a Z an instant."""
    if not _UNTIL.fullmatch(value):
        raise RuleError(part, "Give it as 20261231, 20261231T090000 or 20261231T090000Z.")
    numbers = [int(value[:4]), int(value[4:6]), int(value[6:8])]
    try:
        if len(value) == 8:
            return date(*numbers)
        numbers += [int(value[9:11]), int(value[11:13]), min(int(value[13:15]), 59)]
        return datetime(*numbers, tzinfo=UTC if value.endswith("Z") else None)  # type: ignore[arg-type,misc]
    except ValueError:
        raise RuleError(part, "There is no such day or time.") from None


def _weekdays(part: str, value: str) -> tuple[Weekday, ...]:
    days = []
    for item in value.split(","):
        match = _WEEKDAY.fullmatch(item)
        if not match or (match[1] and not int(match[1])):
            raise RuleError(part, "Give days as MO or, with their number, as 1MO or -1FR.")
        days.append(Weekday(int(match[1] or 0), WEEKDAYS.index(match[2])))
    return tuple(days)


def _numbers(part: str, value: str) -> tuple[int, ...]:
    items = value.split(",")
    if not all(_SIGNED.fullmatch(item) for item in items):
        raise RuleError(part, "Give whole numbers with commas between them.")
    return tuple(map(int, items))


_READERS: Final[dict[str, tuple[str, Callable[[str, str], Any]]]] = {
    **{part_of(name): (name, _numbers) for name in BY_FIELDS},
    "BYDAY": ("by_day", _weekdays),
    "FREQ": ("freq", _frequency),
    "INTERVAL": ("interval", _number),
    "COUNT": ("count", _number),
    "UNTIL": ("until", _until),
    "WKST": ("week_start", _week_start),
    "SKIP": ("skip", _skip),
}
