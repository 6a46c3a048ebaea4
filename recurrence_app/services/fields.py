"""The fields of a series, set together and checked together."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any, Final

from django.core.exceptions import ValidationError

from recurrence_app.models import MOST_DAYS_AHEAD, MOST_NAMED, RecurringTask
from recurrence_app.occurrences import day_of, local_of, name_of
from recurrence_app.rules import Local, Rule, RuleError, parse, simple
from recurrence_app.titles import check_title
from tasks_app.models import LONGEST_TAG, MOST_TAGS

MOST_REMINDERS: Final = 20
FURTHEST_REMINDER: Final = 366 * 24 * 60  # minutes
LONGEST_INTERVAL: Final = 52  # of a series without a rule of its own

TEMPLATE: Final = frozenset({"title", "description", "priority", "tags", "reminders"})
GRID: Final = frozenset(
    {"recurrence_type", "recurrence_interval", "rrule", "start_date", "due_time", "timezone"}
)
SCHEDULE: Final = GRID | {"end_date", "exdates", "rdates", "trigger", "count_from"}
SETTABLE: Final = TEMPLATE | SCHEDULE | {"create_ahead", "catch_up", "is_active"}
_NAMES: Final = frozenset({"exdates", "rdates"})
_PARTS: Final = {"start": "start_date", **{name: name for name in ("end_date", *_NAMES)}}


def settle(series: RecurringTask, said: Mapping[str, Any]) -> set[str]:
    """Set the fields in `said`, and what follows from them; the names of those that differ now.

    `exdates` and `rdates` are local days or wall times. A rule takes the place of type and
    interval, and these take the rule's. When the time of day changes, the named occurrences
    keep their days. Raises ValidationError, by field; TypeError for a field that is none.
    """
    if unknown := said.keys() - SETTABLE:
        raise TypeError(f"A series has no {', '.join(sorted(unknown))} to set.")
    before = {name: getattr(series, name) for name in SETTABLE}
    start = series.start if series.start_date else None
    for name in said.keys() - GRID - _NAMES:
        setattr(series, name, said[name])
    for name in ("start_date", "due_time", "timezone"):
        if name in said:
            setattr(series, name, said[name])
    _set_rule(series, said)
    series.clean_fields(exclude=["user", "id", "rrule", "exdates", "rdates", "tags"])
    if start is not None:
        _rename(series, start)
    for name in _NAMES & said.keys():
        setattr(series, name, _names(name, said[name], series))
    _check(series)
    if not SCHEDULE.isdisjoint(said):
        _check_schedule(series)
    return {name for name, value in before.items() if getattr(series, name) != value}


def _set_rule(series: RecurringTask, said: Mapping[str, Any]) -> None:
    has_kind = not {"recurrence_type", "recurrence_interval"}.isdisjoint(said)
    if said.get("rrule"):
        if has_kind:
            raise ValidationError({"rrule": "Give it or `recurrence_type`, not both."})
        series.is_simple = False
        with _refusals(series):
            _take(series, parse(said["rrule"]))
    elif series.rrule and _says_how_often_alone(said):
        _check_interval(said["recurrence_interval"])
        with _refusals(series):
            _take(series, replace(parse(series.rrule), interval=said["recurrence_interval"]))
    elif has_kind or "rrule" in said or not series.rrule or _is_anew(series, said):
        _set_simple_rule(series, said)


def _says_how_often_alone(said: Mapping[str, Any]) -> bool:
    """Then the rule keeps everything else that it says."""
    others = said.keys() & {"recurrence_type", "rrule", "start_date"}
    return said.get("recurrence_interval") is not None and not others


def _is_anew(series: RecurringTask, said: Mapping[str, Any]) -> bool:
    """The rule of a series that was split holds on to the day that it began with."""
    return series.is_simple and "start_date" in said


def _set_simple_rule(series: RecurringTask, said: Mapping[str, Any]) -> None:
    kept = series.recurrence_interval if series.is_simple else 1
    kind = said.get("recurrence_type") or series.recurrence_type
    interval = said.get("recurrence_interval") or kept
    if not kind:
        raise ValidationError({"recurrence_type": "Give it, or `rrule`."})
    _check_interval(interval)
    series.is_simple = True
    with _refusals(series):
        _take(series, simple(kind, interval))


def _check_interval(interval: int) -> None:
    if not 1 <= interval <= LONGEST_INTERVAL:
        message = f"Give a whole number from 1 to {LONGEST_INTERVAL}."
        raise ValidationError({"recurrence_interval": message})


def _take(series: RecurringTask, rule: Rule) -> None:
    series.rrule = str(rule)
    series.recurrence_type = rule.freq.lower()
    series.recurrence_interval = rule.interval


@contextlib.contextmanager
def _refusals(series: RecurringTask) -> Iterator[None]:
    """What the rules refuse, by the field that is to blame."""
    try:
        yield
    except RuleError as refusal:
        field = _PARTS.get(refusal.part)
        if field:
            raise ValidationError({field: refusal.message}) from refusal
        field = "recurrence_type" if series.is_simple else "rrule"
        raise ValidationError({field: str(refusal)}) from refusal


def _rename(series: RecurringTask, was: Local) -> None:
    """Another time of day gives occurrences other names; those of the old names keep their days."""
    now = series.start
    if _time(was) == _time(now):
        return
    series.exdates = sorted({_renamed(name, was, now) for name in series.exdates})
    series.rdates = sorted({_renamed(name, was, now) for name in series.rdates})
    series.moved = {
        _renamed(name, was, now): _renamed(to, was, now) for name, to in series.moved.items()
    }
    series.waiting = sorted({_renamed(name, was, now) for name in series.waiting})


def _renamed(name: str, was: Local, now: Local) -> str:
    local, time = local_of(name), _time(now)
    if time is None:
        return name_of(day_of(local))
    if _time(local) != _time(was):  # one that had a time of its own keeps it
        return name
    return name_of(datetime.combine(day_of(local), time))


def _time(local: Local) -> time | None:
    return local.time() if isinstance(local, datetime) else None


def _names(field: str, said: Iterable[Local], series: RecurringTask) -> list[str]:
    """A day stands for the occurrence at the usual time of that day."""
    names = set()
    for local in said:
        if series.due_time and not isinstance(local, datetime):
            local = datetime.combine(local, series.due_time)
        names.add(name_of(local))
    if len(names) > MOST_NAMED:
        raise ValidationError({field: f"Give {MOST_NAMED:,} at the most."})
    return sorted(names)


def _check(series: RecurringTask) -> None:
    check_title(series.title)
    _check_tags(series.tags)
    _check_reminders(series.reminders)
    if series.create_ahead > MOST_DAYS_AHEAD:
        raise ValidationError({"create_ahead": f"Give {MOST_DAYS_AHEAD} days at the most."})


def _check_schedule(series: RecurringTask) -> None:
    if series.end_date and series.end_date < series.start_date:
        raise ValidationError({"end_date": "It is before the start."})
    with _refusals(series):
        reason = series.schedule().why_empty()
        if reason:
            raise ValidationError({"rrule": reason})


def _check_tags(names: list[str]) -> None:
    if len(names) > MOST_TAGS or any(not 0 < len(name) <= LONGEST_TAG for name in names):
        message = f"Give {MOST_TAGS} tags of {LONGEST_TAG} characters at the most."
        raise ValidationError({"tags": message})


def _check_reminders(reminders: list[Mapping[str, int]]) -> None:
    if len(reminders) > MOST_REMINDERS:
        raise ValidationError({"reminders": f"Give {MOST_REMINDERS} at the most."})
    for each in reminders:
        if each.keys() != {"offset_minutes"}:
            raise ValidationError({"reminders": "Each is an `offset_minutes`."})
        if abs(each["offset_minutes"]) > FURTHEST_REMINDER:
            message = f"Give from -{FURTHEST_REMINDER} to {FURTHEST_REMINDER} minutes."
            raise ValidationError({"reminders": message})
