"""The days of a rule in plain English: "on the 13th", "but only if that is a Friday"."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from recurrence_app.rules.naming import (
    MONTHS,
    WORKING_WEEK,
    counted_weekdays,
    forwards,
    listed,
    month_names,
    numbered_days,
    on_weekdays,
    ordinal,
    weekday_names,
    which,
)
from recurrence_app.rules.parts import Frequency, Skip
from recurrence_app.rules.rule import Rule

LENGTHS: Final = {month: 30 if month in (4, 6, 9, 11) else 31 for month in range(1, 13)} | {2: 28}
WEEK: Final = tuple(range(7))

_LEAP_DAY: Final = {
    Skip.OMIT: "only in leap years",
    Skip.BACKWARD: "28 February in common years",
    Skip.FORWARD: "1 March in common years",
}
_BEHIND_THE_END: Final = {
    Skip.OMIT: "not in shorter months",
    Skip.BACKWARD: "the last day of shorter months",
    Skip.FORWARD: "the day after shorter months",
}
_BEFORE_THE_BEGINNING: Final = {
    Skip.OMIT: "not in shorter months",
    Skip.BACKWARD: "the day before shorter months",
    Skip.FORWARD: "the first day of shorter months",
}


def which_days(rule: Rule, start: date) -> str:
    """With "on" before them; empty for a daily rule, which has all days but for its limits."""
    match rule.freq:
        case Frequency.DAILY:
            return ""
        case Frequency.WEEKLY:
            return on_weekdays([item.day for item in rule.by_day] or [start.weekday()])
        case Frequency.MONTHLY:
            return f"on {_in_month(rule, start)}{_note(rule, start)}"
    return f"on {_in_year(rule, start)}{_note(rule, start)}"


def is_chosen_weekday(rule: Rule) -> bool:
    """Does BYSETPOS say no more than which of some weekdays of a month it is?"""
    others = rule.by_month_day or rule.by_year_day or rule.by_week_no
    in_month = rule.freq is Frequency.MONTHLY or (
        rule.freq is Frequency.YEARLY and len(rule.by_month) == 1
    )
    plain = rule.by_day and not any(item.ordinal for item in rule.by_day)
    several_times = len(rule.by_hour) > 1 or len(rule.by_minute) > 1 or len(rule.by_second) > 1
    return bool(rule.by_set_pos and in_month and plain and not others and not several_times)


def limits(rule: Rule) -> Iterator[str]:
    """What takes days away from those that `which_days` tells."""
    yearly, daily = rule.freq is Frequency.YEARLY, rule.freq is Frequency.DAILY
    counted = rule.by_month_day or rule.by_year_day
    if rule.by_month_day and (daily or rule.by_year_day):
        yield f"on {numbered_days(rule.by_month_day)} of the month"
    if rule.by_week_no and counted:
        yield f"in {_weeks(rule)}"
    if rule.by_day and daily:
        yield on_weekdays([item.day for item in rule.by_day])
    elif rule.by_day and counted:
        yield f"if that is {_a_weekday(rule)}"
    if rule.by_month and (not yearly or rule.by_year_day or (rule.by_week_no and not counted)):
        yield f"in {month_names(rule.by_month)}"


def _a_weekday(rule: Rule) -> str:
    if not any(item.ordinal for item in rule.by_day):
        return f"a {weekday_names([item.day for item in rule.by_day], 'or')}"
    in_year = rule.freq is Frequency.YEARLY and not rule.by_month
    return f"{counted_weekdays(rule.by_day)} of the {'year' if in_year else 'month'}"


def _in_month(rule: Rule, start: date) -> str:
    if rule.by_month_day:
        return numbered_days(rule.by_month_day)
    if is_chosen_weekday(rule):
        return _chosen_weekday(rule)
    return counted_weekdays(rule.by_day) if rule.by_day else numbered_days([start.day])


def _chosen_weekday(rule: Rule) -> str:
    days = tuple(item.day for item in rule.by_day)
    names = {WEEK: "day", WORKING_WEEK: "weekday"}
    name = names.get(days) or weekday_names(days, "or")
    return f"the {listed(which(number) for number in forwards(rule.by_set_pos))} {name}"


def _in_year(rule: Rule, start: date) -> str:
    if rule.by_year_day:
        return numbered_days(rule.by_year_day, " day of the year")
    if rule.by_month_day:
        return _days_of_months(rule.by_month_day, rule.by_month)
    if rule.by_week_no:
        days = [item.day for item in rule.by_day] or [start.weekday()]
        return f"{weekday_names(days)} of {_weeks(rule)}"
    if not rule.by_day:
        return _days_of_months((start.day,), rule.by_month or (start.month,))
    if rule.by_month:
        return f"{_in_month(rule, start)} of {month_names(rule.by_month)}"
    counted = any(item.ordinal for item in rule.by_day)
    return counted_weekdays(rule.by_day) + (" of the year" if counted else "")


def _days_of_months(numbers: tuple[int, ...], months: tuple[int, ...]) -> str:
    if len(numbers) == len(months) == 1 and numbers[0] > 0:
        return f"{numbers[0]} {MONTHS[months[0] - 1]}"
    return f"{numbered_days(numbers)} of {month_names(months) if months else 'every month'}"


def _weeks(rule: Rule) -> str:
    numbers = forwards(rule.by_week_no)
    return listed(f"week {each}" if each > 0 else f"the {ordinal(each)} week" for each in numbers)


def _note(rule: Rule, start: date) -> str:
    """What becomes of days that a month lacks, if one does."""
    if not rule.by_month_day and (rule.by_day or rule.by_week_no or rule.by_year_day):
        return ""
    implied = rule.freq is Frequency.YEARLY and not rule.by_month_day
    months = rule.by_month or ((start.month,) if implied else tuple(LENGTHS))
    numbers = rule.by_month_day or (start.day,)
    lacking = [(m, number) for m in months for number in numbers if abs(number) > LENGTHS[m]]
    notes = []
    if lacking and all(lack == (2, 29) for lack in lacking):
        omitted = rule.skip is Skip.OMIT and tuple(months) != (2,)
        return f" ({'in February ' if omitted else ''}{_LEAP_DAY[rule.skip]})"
    if any(number > 0 for _, number in lacking):
        notes.append(_BEHIND_THE_END[rule.skip])
    if any(number < 0 for _, number in lacking):
        notes.append(_BEFORE_THE_BEGINNING[rule.skip])
    return f" ({listed(dict.fromkeys(notes))})" if notes else ""
