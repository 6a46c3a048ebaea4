"""Which values a part may have, and which parts go together: RFC 5545, 3.3.10."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from recurrence_app.rules.parts import BY_FIELDS, Frequency, RuleError, part_of

if TYPE_CHECKING:
    from recurrence_app.rules.rule import Rule

MOST: Final = 9999  # of INTERVAL and of COUNT
DAILY, WEEKLY, MONTHLY, YEARLY = Frequency

# The values from the first to the second number; the third: and as many from the end.
RANGES: Final = {
    "by_month": (1, 12, False),
    "by_week_no": (1, 53, True),
    "by_year_day": (1, 366, True),
    "by_month_day": (1, 31, True),
    "by_hour": (0, 23, False),
    "by_minute": (0, 59, False),
    "by_second": (0, 60, False),
    "by_set_pos": (1, 366, True),
}
NOT_WITH: Final = {
    "by_week_no": (DAILY, WEEKLY, MONTHLY),
    "by_year_day": (DAILY, WEEKLY, MONTHLY),
    "by_month_day": (WEEKLY,),
}


def check(rule: Rule) -> None:
    """Raise RuleError, naming the first part that is wrong, unless the rule can be."""
    for part, message in _faults(rule):
        raise RuleError(part, message)


def _faults(rule: Rule) -> Iterator[tuple[str, str]]:
    if not 1 <= rule.interval <= MOST:
        yield "INTERVAL", f"Give a whole number from 1 to {MOST}."
    if rule.count is not None:
        if not 1 <= rule.count <= MOST:
            yield "COUNT", f"Give a whole number from 1 to {MOST}."
        if rule.until is not None:
            yield "COUNT", "Give COUNT or UNTIL, not both."
    if not 0 <= rule.week_start <= 6:
        yield "WKST", "Give one day: MO, TU, WE, TH, FR, SA or SU."
    if any(getattr(rule, name) for name in BY_FIELDS):
        yield from _faults_of_lists(rule)


def _faults_of_lists(rule: Rule) -> Iterator[tuple[str, str]]:
    for name, (first, last, from_end) in RANGES.items():
        for value in getattr(rule, name):
            if not first <= (abs(value) if from_end else value) <= last:
                ends = f" or -{last} to -{first}" if from_end else ""
                yield part_of(name), f"{value} is not {first} to {last}{ends}."
    for name, frequencies in NOT_WITH.items():
        if getattr(rule, name) and rule.freq in frequencies:
            yield part_of(name), f"It does not go with FREQ={rule.freq}."
    yield from _faults_of_weekdays(rule)
    if rule.by_set_pos and not any(getattr(rule, name) for name in BY_FIELDS[:-1]):
        yield "BYSETPOS", "It needs another BY part to choose from."


def _faults_of_weekdays(rule: Rule) -> Iterator[tuple[str, str]]:
    for weekday in rule.by_day:
        if not 0 <= weekday.day <= 6:
            yield "BYDAY", "Give days as MO, TU, WE, TH, FR, SA or SU."
        if not weekday.ordinal:
            continue
        if rule.freq in (DAILY, WEEKLY):
            yield "BYDAY", f"{weekday}: a number does not go with FREQ={rule.freq}."
        if rule.by_week_no:
            yield "BYDAY", f"{weekday}: a number does not go with BYWEEKNO."
        if abs(weekday.ordinal) > 53:
            yield "BYDAY", f"{weekday}: the number is not 1 to 53 or -53 to -1."
