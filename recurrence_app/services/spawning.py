"""The scan: series whose time has come make their tasks."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import InterfaceError, OperationalError, transaction

from recurrence_app.metrics import FAILED
from recurrence_app.models import RecurringTask
from recurrence_app.progress import step
from recurrence_app.services.making import Work, carry_out, prepared

BATCH: Final = 500  # series
ROOM: Final = 1_000  # tasks after which a batch takes no further series
LONGEST: Final = 0.8  # seconds; the queue is the reminders' too, and the next tick goes on
LONGEST_REASON: Final = 500

_log = structlog.get_logger(__name__)
_PASSING: Final = (OperationalError, InterfaceError)  # faults of the database, not of a series

# Whose user is being erased is left out: a scan that waits for nobody deadlocks with nobody.
_CLAIM: Final = """
SELECT series.* FROM recurrence_app_recurringtask AS series
JOIN accounts_user ON accounts_user.id = series.user_id
WHERE series.is_active AND series.spawn_at IS NOT NULL AND series.spawn_at <= %s
ORDER BY series.spawn_at LIMIT %s
FOR NO KEY UPDATE OF series SKIP LOCKED
FOR KEY SHARE OF accounts_user SKIP LOCKED
"""


def spawn_due(*, now: datetime, limit: int = BATCH, seconds: float = LONGEST) -> int:
    """Make what is due, in batches of `limit` series, for so many seconds; returns how many tasks.

    Any number may run at once. A series that fails says why in `last_error`, keeps its place and
    is tried again later; the others go on.
    """
    ends = time.monotonic() + seconds
    made = 0
    while True:
        claimed, batch = _spawn_batch(now=now, limit=limit)
        made += batch
        if not claimed or time.monotonic() > ends:
            return made


def _spawn_batch(*, now: datetime, limit: int) -> tuple[int, int]:
    """How many series it has taken, and how many tasks they got."""
    claimed: list[RecurringTask] = []
    try:
        return _spawn(claimed, now=now, limit=limit)
    except _PASSING:
        raise
    except Exception:
        # One bad series must not keep everybody else's tasks from them.
        _log.exception("batch_failed")
        return len(claimed), sum(_spawn_alone(series, now=now) for series in claimed)


@transaction.atomic
def _spawn(claimed: list[RecurringTask], *, now: datetime, limit: int) -> tuple[int, int]:
    due = RecurringTask.objects.raw(_CLAIM, [now, limit]).prefetch_related("user")
    claimed += due
    works, failures = _decided(claimed, now)
    tasks = carry_out(works, actor=None, now=now) if works else []
    for series, fault in failures:
        _note(series, fault, now=now)
    return len(claimed), len(tasks)


def _decided(
    claimed: Sequence[RecurringTask], now: datetime
) -> tuple[list[Work], list[tuple[RecurringTask, Exception]]]:
    """What to do for as many as there is room for, and which ones cannot be read."""
    works, failures, room = [], [], ROOM
    for series in claimed:
        try:
            work = work_of(series, now)
        except Exception as fault:
            failures.append((series, fault))
            continue
        works.append(work)
        room -= len(work.drafts)
        if room <= 0:  # the others stay due
            break
    return works, failures


def work_of(series: RecurringTask, now: datetime) -> Work:
    waiting = frozenset(series.waiting)
    return prepared(
        series, step(series.wishes(), since=series.next_occurrence, waiting=waiting, now=now)
    )


def _spawn_alone(series: RecurringTask, *, now: datetime) -> int:
    try:
        with transaction.atomic():
            held = RecurringTask.objects.due(now).filter(pk=series.pk).claimed().first()
            return len(carry_out([work_of(held, now)], actor=None, now=now)) if held else 0
    except _PASSING:
        raise
    except Exception as fault:
        _note(series, fault, now=now)
        return 0


def _note(series: RecurringTask, fault: Exception, *, now: datetime) -> None:
    """Say why it failed, and when it is tried again; what it has to make stays the same."""
    _log.error("series_failed", series_id=str(series.pk), exc_info=fault)
    FAILED.inc()
    reason = f"{type(fault).__name__}: {fault}".replace("\0", "")[:LONGEST_REASON]
    as_it_was = RecurringTask.objects.filter(pk=series.pk, version=series.version)
    as_it_was.update(
        spawn_at=now + pause_after(series.failures + 1),
        failures=series.failures + 1,
        last_error=reason,
        last_run_at=now,
    )


def pause_after(failures: int) -> timedelta:
    """One minute, four, sixteen … six hours."""
    return timedelta(minutes=min(4 ** (min(failures, 9) - 1), 360))
