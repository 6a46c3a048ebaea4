"""This occurrence and all that follow become a series of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from bridges import outbox
from recurrence_app.events import RecurringTaskCreated, RecurringTaskUpdated
from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import (
    Due,
    by_rule,
    day_of,
    instant_of,
    is_named,
    local_of,
    name_of,
)
from recurrence_app.rules import Frequency, Local, Occurrence, Rule, Schedule, parse
from recurrence_app.services.fields import settle
from recurrence_app.services.holding import hold, name_in, tasks_of
from recurrence_app.services.making import due_fields
from recurrence_app.services.pointing import go_on, has_open_task, point_at
from recurrence_app.titles import rendered
from tasks_app.models import OPEN, Task
from tasks_app.services.batch import Batch

_COPIED: Final = (
    *("title", "description", "priority", "tags", "reminders", "is_simple", "timezone"),
    *("recurrence_type", "recurrence_interval", "rrule", "end_date", "trigger", "count_from"),
    *("create_ahead", "catch_up", "is_active"),
)
_CUT: Final = ("end_date", "rrule", "exdates", "rdates", "moved")
_OF_TASKS: Final = ("description", "priority", "tags")


@transaction.atomic
def split_series(
    *,
    series: RecurringTask,
    actor: User,
    now: datetime,
    occurrence: Local,
    changes: Mapping[str, Any],
    version: int | None = None,
) -> RecurringTask:
    """End `series` before `occurrence`, and go on from there with `changes`; the new series.

    Open tasks from there on move to the new series, and take over what `changes` says of the
    template and the time of day; those that are over stay where they are. Raises ValidationError,
    naming `occurrence`, unless the series has it and begins before it, and as `update_series`;
    RecurringTask.DoesNotExist, StaleVersion and Busy.
    """
    name = name_in(series, occurrence)
    later = tasks_of(series).filter(occurrence__gte=name, status__in=OPEN)
    series, tasks = hold(series, later, version=version)
    _check(series, name)
    new = _rest(series, name, changes, now)
    go_on(new, {"exdates", *changes}, now=now, has_open=_waits_for(new, tasks))
    ended = _end(series, name, now)
    new.save(force_insert=True)
    series.save()
    events = [
        RecurringTaskUpdated.of(series, changed=ended),
        RecurringTaskCreated.of(new, split_from=series.pk),
    ]
    outbox.record_all(events, actor=actor, now=now)
    batch = Batch(actor=actor, now=now)
    for task in tasks:
        batch.update(task, _task_changes(new, task, changes))
    batch.write()
    return new


def _check(series: RecurringTask, name: str) -> None:
    if not is_named(series.wishes(), name):
        raise ValidationError({"occurrence": "The series has no such occurrence."})
    if _name(next(series.schedule().occurrences())) == name:
        message = "The series begins with this one: change the series itself."
        raise ValidationError({"occurrence": message})


def _rest(
    series: RecurringTask, name: str, changes: Mapping[str, Any], now: datetime
) -> RecurringTask:
    """The series from `name` on, with `changes`."""
    new = RecurringTask(user=series.user, created_at=now, updated_at=now)
    for field in _COPIED:
        setattr(new, field, getattr(series, field))
    local = local_of(name)
    new.start_date = day_of(local)
    new.due_time = local.time() if isinstance(local, datetime) else None
    new.rrule = str(_rule_from(series, local))
    new.exdates = [each for each in series.exdates if each >= name]
    new.rdates = [each for each in series.rdates if each >= name]
    new.moved = {each: to for each, to in series.moved.items() if each >= name}
    new.waiting = [each for each in series.waiting if each >= name]
    if _name(next(new.schedule().occurrences(), None)) != name:  # it was added by hand
        new.rdates = sorted({name, *new.rdates})
    if series.last_occurrence >= name:
        new.last_occurrence = series.last_occurrence
    if series.next_occurrence:
        new.next_occurrence = max(series.next_occurrence, name)
    settle(new, changes)
    return new


def _rule_from(series: RecurringTask, local: Local) -> Rule:
    """The rule of what is left, which holds on to the day of month that it began with."""
    rule = parse(series.rrule)
    if rule.count is not None:
        alone = Schedule(start=series.start, zone=series.zone, rule=rule).occurrences()
        at = instant_of(local, series.zone)
        passed = sum(1 for _ in takewhile(lambda each: each.at < at, alone))
        if passed >= rule.count:
            message = "The rule has come to its end before it: change this one alone."
            raise ValidationError({"occurrence": message})
        rule = replace(rule, count=rule.count - passed)
    return _anchored(rule, series.start_date, day_of(local))


def _anchored(rule: Rule, began: date, begins: date) -> Rule:
    """A rule of the 31st that goes on from the 28th of February would stay at the 28th."""
    if rule.by_day or rule.by_month_day or rule.by_week_no or rule.by_year_day:
        return rule
    if began.day == begins.day or rule.freq not in (Frequency.MONTHLY, Frequency.YEARLY):
        return rule
    months = rule.by_month
    if rule.freq is Frequency.YEARLY:
        months = months or (began.month,)
    return replace(rule, by_month=months, by_month_day=(began.day,))


def _end(series: RecurringTask, name: str, now: datetime) -> set[str]:
    """Let it end before `name`; the names of the fields that differ now."""
    before = {field: getattr(series, field) for field in _CUT}
    local = local_of(name)
    day_before = day_of(local) - timedelta(days=1)
    if _has_earlier(series, local) or day_before < series.start_date:
        until = instant_of(local, series.zone) - timedelta(seconds=1)
        series.rrule = str(replace(parse(series.rrule), count=None, until=until))
        series.is_simple = False
    else:
        series.end_date = day_before
    series.exdates = [each for each in series.exdates if each < name]
    series.rdates = [each for each in series.rdates if each < name]
    series.moved = {each: to for each, to in series.moved.items() if each < name}
    series.waiting = [each for each in series.waiting if each < name]
    if series.next_occurrence and series.next_occurrence >= name:
        series.next_occurrence = None
    wishes, since = series.wishes(), series.next_occurrence
    following = next(by_rule(wishes, since=since), None) if since else None
    has_open = series.last_occurrence < name and has_open_task(series)
    point_at(series, wishes, following, now=now, has_open=has_open)
    series.touch(at=now)
    return {field for field, value in before.items() if getattr(series, field) != value}


def _has_earlier(series: RecurringTask, local: Local) -> bool:
    """Whether another occurrence comes before it on its day."""
    if not isinstance(local, datetime):
        return False
    of_day = series.schedule().occurrences(after=day_of(local), inclusive=True)
    return _name(next(of_day)) != name_of(local)


def _task_changes(new: RecurringTask, task: Task, changes: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field: getattr(new, field) for field in _OF_TASKS if field in changes}
    day = task.due_day()
    if "title" in changes:
        fields["title"] = rendered(new.title, day or day_of(local_of(task.occurrence)))
    if day is not None and not {"due_time", "timezone"}.isdisjoint(changes):
        local = datetime.combine(day, new.due_time) if new.due_time else day
        fields |= due_fields(new, Due(task.occurrence, local, instant_of(local, new.zone)))
    return {"recurring_task_id": new.pk, **fields}


def _waits_for(new: RecurringTask, tasks: Sequence[Task]) -> bool:
    return any(task.occurrence == new.last_occurrence for task in tasks)


def _name(occurrence: Occurrence | None) -> str:
    return name_of(occurrence.local) if occurrence else ""
