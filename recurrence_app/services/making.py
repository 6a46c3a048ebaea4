"""What was decided about series becomes rows: their tasks, the events, how far they have come.

By a constant number of statements, however many series and tasks there are.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from accounts.models import User
from bridges import outbox
from recurrence_app.events import RecurringTaskDue
from recurrence_app.metrics import LATENESS, LEFT_OUT, SPAWNED
from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import Due
from recurrence_app.progress import Step
from recurrence_app.titles import rendered
from tasks_app.models import Task
from tasks_app.services.batch import Batch

_ADVANCE: Final = """
UPDATE recurrence_app_recurringtask AS series
   SET next_occurrence = step.next_occurrence,
       next_due_at = step.next_due_at,
       next_occurrence_at = step.next_occurrence_at,
       spawn_at = step.spawn_at,
       waiting = step.waiting::varchar[],
       last_occurrence = coalesce(nullif(step.last, ''), series.last_occurrence),
       made = series.made + step.made,
       left_out = series.left_out + step.left_out,
       last_created_at = CASE WHEN step.made > 0 THEN %(now)s ELSE series.last_created_at END,
       last_run_at = %(now)s,
       last_error = '',
       failures = 0,
       version = series.version + 1
  FROM unnest(
           %(ids)s::uuid[], %(next_occurrence)s::text[], %(next_due_at)s::date[],
           %(next_occurrence_at)s::timestamptz[], %(spawn_at)s::timestamptz[],
           %(waiting)s::text[], %(last)s::text[], %(made)s::int[], %(left_out)s::int[]
       ) AS step (id, next_occurrence, next_due_at, next_occurrence_at, spawn_at, waiting,
                  last, made, left_out)
 WHERE series.id = step.id
"""


class Work(NamedTuple):
    """A series, held, what it has to do now, and the fields of each task that it makes."""

    series: RecurringTask
    step: Step
    drafts: list[dict[str, Any]]


def prepared(series: RecurringTask, step: Step) -> Work:
    """Whatever a broken template raises, it raises here, before others are concerned."""
    return Work(series, step, [_draft(series, due) for due in step.make])


def carry_out(works: Sequence[Work], *, actor: User | None, now: datetime) -> list[Task]:
    """Make the tasks and advance the series; the tasks, in the order of the steps."""
    batch = Batch(actor=actor, now=now)
    pairs = [
        (work.series, batch.create(owner=work.series.user, **draft))
        for work in works
        for draft in work.drafts
    ]
    batch.write()
    _advance(works, now)
    events = [RecurringTaskDue.of(series, task) for series, task in pairs]
    outbox.record_all(events, actor=actor, now=now)
    transaction.on_commit(lambda: _count(works, now))
    return [task for _, task in pairs]


def _draft(series: RecurringTask, due: Due) -> dict[str, Any]:
    return {
        "title": rendered(series.title, due.day),
        "description": series.description,
        "priority": series.priority,
        "tags": series.tags,
        "recurring_task_id": series.pk,
        "occurrence": due.name,
        **due_fields(series, due),
    }


def due_fields(series: RecurringTask, due: Due) -> dict[str, Any]:
    """When its task is due, in the words of a task."""
    if isinstance(due.local, datetime):
        return {"due_at": due.at, "due_timezone": series.timezone}
    return {"due_date": due.local}


def _advance(works: Sequence[Work], now: datetime) -> None:
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for series, step, _ in works:
        for name, value in zip(_COLUMNS, _row(series, step), strict=True):
            columns[name].append(value)
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, {**columns, "now": now})


_COLUMNS: Final = (
    *("ids", "next_occurrence", "next_due_at", "next_occurrence_at", "spawn_at"),
    *("waiting", "last", "made", "left_out"),
)


def _row(series: RecurringTask, step: Step) -> tuple[Any, ...]:
    pointers = step.pointers
    return (
        series.pk,
        pointers.next_occurrence,
        pointers.next_due_at,
        pointers.next_occurrence_at,
        pointers.spawn_at,
        "{" + ",".join(sorted(pointers.waiting)) + "}",  # names have no sign that needs quotes
        step.last,
        len(step.make),
        step.left_out,
    )


def _count(works: Sequence[Work], now: datetime) -> None:
    for series, step, _ in works:
        SPAWNED.inc(len(step.make))
        LEFT_OUT.inc(step.left_out)
        # What is made by hand, or when the one before is done, may come before its time.
        if series.spawn_at is not None and step.make and series.spawn_at <= now:
            LATENESS.observe((now - series.spawn_at).total_seconds())
