"""The scan: reminders whose time has come become notifications."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from bridges import outbox
from notifications_app import channels, messages
from notifications_app.events import ReminderDue, ReminderMissed
from notifications_app.models import Notification, NotificationStatus, Reminder, ReminderState
from notifications_app.models.reminder import ReminderQuerySet
from notifications_app.services.hints import hint_after_commit

BATCH: Final = 100
LONGEST: Final = 5.0  # seconds; what is left waits for the next tick

_log = structlog.get_logger(__name__)


def fire_due_reminders(*, now: datetime, limit: int = BATCH) -> int:
    """Fire all that is due, in batches of `limit`; returns how many. Any number may run at once."""
    ends = time.monotonic() + LONGEST
    fired = 0
    while True:
        batch = _fire_batch(now=now, limit=limit)
        fired += batch
        if batch < limit or time.monotonic() > ends:
            return fired


def _fire_batch(*, now: datetime, limit: int) -> int:
    due = Reminder.objects.due(now)
    try:
        return _fire(due, now=now, limit=limit)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One bad row must not keep everybody else's reminders from them.
        _log.exception("batch_failed")
        ids = list(due.values_list("id", flat=True)[:limit])
        return sum(_fire_alone(pk, now=now) for pk in ids)


def _fire_alone(pk: int, *, now: datetime) -> int:
    try:
        return _fire(Reminder.objects.due(now).filter(pk=pk), now=now, limit=1)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _log.exception("reminder_failed", reminder_id=pk)
        return 0


@transaction.atomic
def _fire(due: ReminderQuerySet, *, now: datetime, limit: int) -> int:
    claimed = list(due.claimed()[:limit])
    oldest = now - settings.REMINDER_CATCH_UP
    missed = [each for each in claimed if each.fire_at and each.fire_at < oldest]
    fired = [each for each in claimed if each not in missed]
    _settle(missed, ReminderState.MISSED, now=now)
    _settle(fired, ReminderState.FIRED, now=now)
    for reminder in missed:
        outbox.record(ReminderMissed.of(reminder), actor=None, now=now)
    for reminder in fired:
        late = reminder.is_late(now)
        outbox.record(ReminderDue.of(reminder, late=late), actor=None, now=now)
    _notify(fired, now=now)
    return len(claimed)


def _settle(reminders: list[Reminder], state: ReminderState, *, now: datetime) -> None:
    if reminders:
        ids = [each.pk for each in reminders]
        Reminder.objects.filter(pk__in=ids).update(state=state, settled_at=now)


def _notify(reminders: list[Reminder], *, now: datetime) -> None:
    written = [each for reminder in reminders for each in _notifications(reminder, now=now)]
    if not written:
        return
    Notification.objects.bulk_create(written, ignore_conflicts=True)  # the dedup key decides
    keys = [each.dedup_key for each in written]
    pending = Notification.objects.filter(dedup_key__in=keys, status=NotificationStatus.PENDING)
    hint_after_commit(list(pending.values_list("id", flat=True)))


def _notifications(reminder: Reminder, *, now: datetime) -> Iterator[Notification]:
    assert reminder.fire_at is not None  # noqa: S101 - what has fired had a time; for mypy
    late = reminder.is_late(now)
    words = messages.of_reminder(reminder, late=late)
    for channel, destination in channels.destinations(reminder.user):
        yield Notification(
            user=reminder.user,
            task=reminder.task,
            kind="reminder",
            channel=channel,
            destination=destination,
            dedup_key=f"reminder:{reminder.pk}:{reminder.fire_at:%FT%T.%fZ}:{channel}:{destination}",
            subject=words.subject,
            body=words.body,
            fire_at=reminder.fire_at,
            late=late,
            not_before=now,
            nudged_at=now,
            created_at=now,
        )
