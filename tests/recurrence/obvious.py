"""RFC 5545's rules told slowly: ask of each day of some years whether the rule picks it.

It shares nothing with the expander but the parsed rule, and goes the other way: from days to
periods instead of from periods to days.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

from recurrence_app.rules import Local, Rule

DAY = timedelta(days=1)


def walls(rule: Rule, start: Local, last: date) -> list[Local]:
    """All of the rule's wall times from start to a day, whatever its COUNT and UNTIL."""
    first_day = start.date() if isinstance(start, datetime) else start
    sets: dict[Any, set[Local]] = defaultdict(set)
    for period, day in _picked(rule, first_day, last):
        sets[period].update(_at_times(rule, start, day))
    found = {wall for members in sets.values() for wall in _by_position(rule, sorted(members))}
    return sorted(wall for wall in found if wall >= start and wall.timetuple()[:3] <= _ymd(last))


def _picked(rule: Rule, start: date, last: date) -> Iterator[tuple[Any, date]]:
    """Days with the period that each is picked in; from before start, for BYSETPOS counts them."""
    day = date(start.year - 1, 1, 1)
    while day <= last + 40 * DAY:
        if rule.freq in ("YEARLY", "MONTHLY") and (_month_days(rule, start) or rule.by_year_day):
            yield from _of_numbers(rule, start, day)
        elif _in_interval(rule, start, _period(rule, day)) and _fits(rule, start, day):
            yield _period(rule, day), day
        day += DAY


def _of_numbers(rule: Rule, start: date, first: date) -> Iterator[tuple[Any, date]]:
    """What numbers of days mean in the month or year that begins with `first`, if one does."""
    period = first.year if rule.freq == "YEARLY" else first.year * 12 + first.month
    if first.day > 1 or not _in_interval(rule, start, period):
        return
    if not rule.by_year_day:
        days = _of_month(rule, start, first)
    elif first.month > 1:
        return
    else:
        days = set(_resolved(rule, rule.by_year_day, first, date(first.year + 1, 1, 1)))
        if rule.by_month_day:
            days &= {
                day
                for month in range(1, 13)
                for day in _of_month(rule, start, date(first.year, month, 1))
            }
        days = {day for day in days if not rule.by_month or day.month in rule.by_month}
    for day in days:
        if _has_week(rule, day) and _has_weekday(rule, start, day):
            yield period, day


def _month_days(rule: Rule, start: date) -> tuple[int, ...]:
    if rule.by_month_day or rule.by_day or rule.by_week_no or rule.by_year_day:
        return rule.by_month_day
    return (start.day,)


def _of_month(rule: Rule, start: date, first: date) -> set[date]:
    implied = rule.freq == "YEARLY" and not rule.by_month and not rule.by_month_day
    months = (start.month,) if implied else rule.by_month
    if months and first.month not in months:
        return set()
    behind = first + monthrange(first.year, first.month)[1] * DAY
    return set(_resolved(rule, _month_days(rule, start), first, behind))


def _resolved(rule: Rule, numbers: Any, first: date, behind: date) -> Iterator[date]:
    for number in numbers:
        day = first + (number - 1) * DAY if number > 0 else behind + number * DAY
        if first <= day < behind:
            yield day
        elif rule.skip != "OMIT":
            edge = first if number < 0 else behind
            yield edge if rule.skip == "FORWARD" else edge - DAY


def _period(rule: Rule, day: date) -> Any:
    """A year, the number of a month, a week's first day, or a day."""
    if rule.freq == "YEARLY":
        return _fourth_day(rule, day).year if rule.by_week_no else day.year
    if rule.freq == "MONTHLY":
        return day.year * 12 + day.month
    return (day - (day.weekday() - rule.week_start) % 7 * DAY) if rule.freq == "WEEKLY" else day


def _in_interval(rule: Rule, start: date, period: Any) -> bool:
    first: Any = start.year if rule.freq == "YEARLY" else _period(rule, start)
    distance: Any = period - first
    if rule.freq in ("YEARLY", "MONTHLY"):
        return bool(distance % rule.interval == 0)
    return bool(distance.days % (rule.interval * (7 if rule.freq == "WEEKLY" else 1)) == 0)


def _fits(rule: Rule, start: date, day: date) -> bool:
    if rule.by_month and day.month not in rule.by_month:
        return False
    if rule.by_month_day:
        from_end = day.day - monthrange(day.year, day.month)[1] - 1
        if day.day not in rule.by_month_day and from_end not in rule.by_month_day:
            return False
    return _has_week(rule, day) and _has_weekday(rule, start, day)


def _has_week(rule: Rule, day: date) -> bool:
    if not rule.by_week_no:
        return True
    fourth = _fourth_day(rule, day)
    last = _week_number(_fourth_day(rule, date(fourth.year, 12, 28)))
    number = _week_number(fourth)
    return number in rule.by_week_no or number - last - 1 in rule.by_week_no


def _fourth_day(rule: Rule, day: date) -> date:
    """A week belongs to the year that most of its days are in."""
    return day - (day.weekday() - rule.week_start) % 7 * DAY + 3 * DAY


def _week_number(fourth: date) -> int:
    return (fourth - date(fourth.year, 1, 1)).days // 7 + 1


def _has_weekday(rule: Rule, start: date, day: date) -> bool:
    if not rule.by_day:
        by_weekday = rule.freq == "WEEKLY" or (
            rule.by_week_no and not rule.by_month_day and not rule.by_year_day
        )
        return not by_weekday or day.weekday() == start.weekday()
    in_year = rule.freq == "YEARLY" and not rule.by_month
    same = (
        [
            other
            for number in range(366)
            if (other := date(day.year, 1, 1) + number * DAY).year == day.year
            and other.weekday() == day.weekday()
            and (in_year or other.month == day.month)
        ]
        if any(item.ordinal for item in rule.by_day)
        else []
    )
    return any(
        item.day == day.weekday()
        and (
            not item.ordinal
            or (abs(item.ordinal) <= len(same) and same[item.ordinal - (item.ordinal > 0)] == day)
        )
        for item in rule.by_day
    )


def _at_times(rule: Rule, start: Local, day: date) -> Iterator[Local]:
    if not isinstance(start, datetime):
        yield day
        return
    hours, minutes = rule.by_hour or (start.hour,), rule.by_minute or (start.minute,)
    seconds = [min(second, 59) for second in rule.by_second or (start.second,)]
    for hour, minute, second in product(hours, minutes, seconds):
        yield datetime.combine(day, time(hour, minute, second))


def _by_position(rule: Rule, members: list[Local]) -> Iterator[Local]:
    for place, wall in enumerate(members):
        if not rule.by_set_pos or {place + 1, place - len(members)} & set(rule.by_set_pos):
            yield wall


def _ymd(day: date) -> tuple[int, int, int]:
    return day.year, day.month, day.day
