"""A schedule in plain English: "every 2 weeks on Monday and Thursday until 24 December 2027"."""

from collections.abc import Sequence
from datetime import datetime

from recurrence_app.rules.calendar import FIRST, LAST
from recurrence_app.rules.days_in_words import is_chosen_weekday, limits, which_days
from recurrence_app.rules.expanding import Local, day_of
from recurrence_app.rules.naming import (
    FEW,
    UNITS,
    WEEKDAYS,
    clock_name,
    day_name,
    forwards,
    listed,
    local_name,
    which,
)
from recurrence_app.rules.parts import Frequency
from recurrence_app.rules.rule import Rule
from recurrence_app.rules.schedule import Schedule
from recurrence_app.rules.times import times_of


def describe(schedule: Schedule) -> str:
    """Every part that has a say in when it recurs; times are local, without their zone."""
    rule = schedule.rule
    if rule is None:
        words = f"once on {local_name(schedule.start)}"
    else:
        words = _often(rule)
        if days := which_days(rule, day_of(schedule.start)):
            words += f" {days}"
        words += _times(rule, schedule.start)
        clauses = _clauses(rule)
        words = ", ".join([words, *clauses]) + _end(schedule, "," if clauses else "")
    words += _dates(", also on", schedule.rdates, "further dates")
    return words + _dates(", except on", schedule.exdates, "dates")


def _often(rule: Rule) -> str:
    unit = UNITS[rule.freq]
    return f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"


def _times(rule: Rule, start: Local) -> str:
    if not isinstance(start, datetime):
        return ""
    times = times_of(rule, start)
    if len(times) > FEW:
        span = f"from {clock_name(times[0])} to {clock_name(times[-1])}"
        return f" at {len(times)} times of day {span}"
    return f" at {listed(map(clock_name, times))}" if times else " at no time of day"


def _clauses(rule: Rule) -> list[str]:
    clauses = []
    if limited := list(limits(rule)):
        clauses.append(f"but only {', '.join(limited)}")
    # Of a daily rule `_times` tells only what BYSETPOS leaves.
    if rule.by_set_pos and rule.freq is not Frequency.DAILY and not is_chosen_weekday(rule):
        chosen = listed(f"the {which(number)}" for number in forwards(rule.by_set_pos))
        clauses.append(f"of these only {chosen} of each {UNITS[rule.freq]}")
    in_weeks = rule.freq is Frequency.WEEKLY and (rule.interval > 1 or rule.by_set_pos)
    if rule.week_start and (rule.by_week_no or (in_weeks and rule.by_day)):
        clauses.append(f"with weeks that begin on {WEEKDAYS[rule.week_start]}")
    return clauses


def _end(schedule: Schedule, comma: str) -> str:
    rule, words = schedule.rule, ""
    if rule and rule.count:
        words += ", once" if rule.count == 1 else f", {rule.count} times"
    if ends := [name for name in (_until(schedule), schedule.end_date) if name]:
        earliest = min(ends, key=day_of)
        is_day = not isinstance(earliest, datetime)
        words += f"{comma} until {day_name(earliest) if is_day else local_name(earliest)}"
    return words


def _until(schedule: Schedule) -> Local | None:
    """UNTIL as its last day, or in local time where it cuts that day's occurrences short."""
    rule = schedule.rule
    until = rule.until if rule else None
    if not rule or not isinstance(until, datetime):
        return until
    local = until.replace(tzinfo=None)
    if until.tzinfo and FIRST.year <= until.year <= LAST.year:
        local = until.astimezone(schedule.zone).replace(tzinfo=None)
    times = times_of(rule, schedule.start)
    return local if times and local.time() < times[-1] else local.date()


def _dates(lead: str, dates: Sequence[Local], kind: str) -> str:
    if not dates:
        return ""
    different = sorted(set(dates))
    if len(different) > FEW:
        return f"{lead} {len(different)} {kind}"
    return f"{lead} {listed(map(local_name, different))}"
