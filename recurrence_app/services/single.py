"""What can be done to one occurrence of a series.

It is named by the local day or wall time that the rule gives it, wherever it has been moved to.
All raise ValidationError, naming `occurrence` or `to`, for what cannot be;
RecurringTask.DoesNotExist, StaleVersion and Busy.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from bridges import outbox
from recurrence_app.events import RecurringTaskUpdated
from recurrence_app.models import MOST_NAMED, RecurringTask
from recurrence_app.occurrences import Due, by_rule, day_of, instant_of, is_named, name_of, today_of
from recurrence_app.rules import Local
from recurrence_app.services.holding import hold, name_in, tasks_of
from recurrence_app.services.making import due_fields
from recurrence_app.services.pointing import point_at
from tasks_app.due import validate_day
from tasks_app.models import Status, Task
from tasks_app.services.batch import Batch


@transaction.atomic
def skip_occurrence(
    *,
    series: RecurringTask,
    actor: User,
    now: datetime,
    occurrence: Local,
    version: int | None = None,
) -> RecurringTask:
    """Leave one occurrence out; its task, if it is open, is cancelled. Twice is as once.

    Raises ValidationError when the series has no such occurrence, or its task is over.
    """
    name = name_in(series, occurrence)
    series, tasks = hold(series, tasks_of(series).filter(occurrence=name), version=version)
    if name in series.exdates:
        return series
    _check_named(series, name, tasks)
    _check_room("occurrence", series.exdates)
    series.exdates = sorted([*series.exdates, name])
    was_moved = series.moved.pop(name, None)
    series.waiting = [each for each in series.waiting if each != name]
    _save(series, ["exdates", "moved"] if was_moved else ["exdates"], actor, now)
    batch = Batch(actor=actor, now=now)
    for task in tasks:
        batch.move(task, Status.CANCELLED)
    batch.write()
    series.refresh_from_db()  # it may have gone on with its next task
    return series


@transaction.atomic
def move_occurrence(
    *,
    series: RecurringTask,
    actor: User,
    now: datetime,
    occurrence: Local,
    to: Local,
    version: int | None = None,
) -> RecurringTask:
    """Let one occurrence take place at another local day or wall time; its open task follows.

    Raises ValidationError when the series has no such occurrence, when it has no task and is over
    or waits for the task before it to be done, and for a day that is over or behind the end.
    """
    name = name_in(series, occurrence)
    series, tasks = hold(series, tasks_of(series).filter(occurrence=name), version=version)
    _check_named(series, name, tasks)
    _check_target(series, to)
    if not tasks:
        _check_to_come(series, name, to, now)
        series.waiting = sorted({*series.waiting, name})
    _check_room("occurrence", series.moved)
    series.moved = {**series.moved, name: name_of(to)}
    _save(series, ["moved"], actor, now)
    batch = Batch(actor=actor, now=now)
    for task in tasks:
        due = Due(name, to, instant_of(to, series.zone))
        batch.update(task, due_fields(series, due))
    batch.write()
    return series


def _check_named(series: RecurringTask, name: str, tasks: Sequence[Task]) -> None:
    if not is_named(series.wishes(), name):
        raise ValidationError({"occurrence": "The series has no such occurrence."})
    if any(not task.is_open for task in tasks):
        raise ValidationError({"occurrence": "Its task is over."})


def _check_room(field: str, present: Sequence[str] | dict[str, str]) -> None:
    if len(present) >= MOST_NAMED:
        raise ValidationError({field: f"A series may have {MOST_NAMED:,} at the most."})


def _check_target(series: RecurringTask, to: Local) -> None:
    if isinstance(to, datetime) is (series.due_time is None):
        kind = "a day" if series.due_time is None else "a day and time"
        raise ValidationError({"to": f"Give {kind}, as the series has."})
    try:
        validate_day(day_of(to))
    except ValidationError as refusal:
        raise ValidationError({"to": refusal.messages}) from refusal
    if series.end_date and day_of(to) > series.end_date:
        raise ValidationError({"to": "It is behind the end of the series."})


def _check_to_come(series: RecurringTask, name: str, to: Local, now: datetime) -> None:
    """Of an occurrence that has no task."""
    wishes = series.wishes()
    if wishes.on_completion:
        message = "It has no task yet, and its day is not known before the one before is done."
        raise ValidationError({"occurrence": message})
    following = series.next_occurrence
    if name not in series.waiting and (following is None or name < following):
        raise ValidationError({"occurrence": "It is over."})
    today: date = today_of(wishes, now)
    if day_of(to) < today:
        raise ValidationError({"to": "This day is over."})


def _save(series: RecurringTask, changed: list[str], actor: User, now: datetime) -> None:
    wishes, since = series.wishes(), series.next_occurrence
    following = next(by_rule(wishes, since=since), None) if since else None
    point_at(series, wishes, following, now=now)
    series.touch(at=now)
    series.save()
    outbox.record(RecurringTaskUpdated.of(series, changed=changed), actor=actor, now=now)
