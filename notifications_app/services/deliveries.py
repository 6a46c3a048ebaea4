"""Sending notifications: claim, send, mark."""

import random
import time
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from bridges import outbox
from notifications_app.channels import CHANNELS, ChannelError, Message
from notifications_app.events import NotificationFailed, NotificationSent
from notifications_app.metrics import LATENESS, NOTIFICATIONS_SENT
from notifications_app.models import Notification, NotificationStatus
from notifications_app.models.notification import MOST_ATTEMPTS
from notifications_app.services.hints import hint_after_commit, to_hint_again

LONGEST_REASON: Final = 500
SWEEP: Final = 100

_log = structlog.get_logger(__name__)


def deliver(*, notification_id: int, now: datetime) -> None:
    """Send one notification, unless it is somebody else's to send or not to be sent now.

    A sender that dies leaves its lease, and the message is tried again when that runs out. It
    arrives twice only if the death came between the provider's answer and our mark.
    """
    claimed = Notification.objects.claim(notification_id, now=now)
    if claimed is None:
        return
    begun = time.monotonic()
    refusal = _send(claimed)
    ended = now + timedelta(seconds=time.monotonic() - begun)
    if refusal is None:
        _mark_sent(claimed, at=ended)
    else:
        _mark_refused(claimed, refusal, at=ended)


def _send(notification: Notification) -> ChannelError | None:
    message = Message(
        key=notification.message_key,
        destination=notification.destination,
        subject=notification.subject,
        body=notification.body,
    )
    try:
        CHANNELS[notification.channel].send(message)
    except ChannelError as refusal:
        return refusal
    except Exception as error:
        _log.exception("channel_broke", notification_id=notification.pk)
        return ChannelError(f"{type(error).__name__}: {error}", permanent=False)
    return None


@transaction.atomic(durable=True)
def _mark_sent(claimed: Notification, *, at: datetime) -> None:
    if notification := _still_ours(claimed):
        notification.mark_sent(at=at)
        notification.save()
        outbox.record(NotificationSent.of(notification), actor=None, now=at)
        transaction.on_commit(lambda: _count(notification))


@transaction.atomic(durable=True)
def _mark_refused(claimed: Notification, refusal: ChannelError, *, at: datetime) -> None:
    notification = _still_ours(claimed)
    if notification is None:
        return
    reason = str(refusal).replace("\0", "")[:LONGEST_REASON] or type(refusal).__name__
    if refusal.permanent or notification.attempts >= MOST_ATTEMPTS:
        _fail(notification, reason, now=at)
    else:
        notification.put_off(until=at + pause_after(notification.attempts), error=reason)
        notification.save()


def pause_after(attempts: int) -> timedelta:
    """5 s, 20 s, 80 s … one hour, give or take a quarter: eight attempts last two and a half hours.

    Chance keeps those that failed together from coming back together.
    """
    seconds = min(5 * 4 ** (attempts - 1), 3600)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))  # noqa: S311 - no secret


def _still_ours(claimed: Notification) -> Notification | None:
    """The claimed row, locked; None when the lease ran out and another sender has it."""
    ours = Notification.objects.held_under(claimed).select_for_update().first()
    if ours is None:
        _log.warning("lease_lost", notification_id=claimed.pk)
    return ours


def _fail(notification: Notification, reason: str, *, now: datetime) -> None:
    notification.fail(error=reason)
    notification.save()
    outbox.record(NotificationFailed.of(notification), actor=None, now=now)
    transaction.on_commit(lambda: _count(notification))


def _count(notification: Notification) -> None:
    NOTIFICATIONS_SENT.labels(notification.channel, notification.status).inc()
    if notification.sent_at:
        lateness = notification.sent_at - notification.fire_at
        LATENESS.labels(notification.channel).observe(lateness.total_seconds())


@transaction.atomic
def sweep_deliveries(*, now: datetime) -> None:
    """Find what its sender left behind, and what no worker was told of."""
    _end_exhausted(now=now)
    ids = list(to_hint_again(now).select_for_update(skip_locked=True).values_list("id", flat=True))
    Notification.objects.filter(pk__in=ids).update(nudged_at=now)
    hint_after_commit(ids)


def _end_exhausted(*, now: datetime) -> None:
    exhausted = Notification.objects.exhausted(now).select_for_update(skip_locked=True)
    for notification in exhausted[:SWEEP]:
        reason = notification.error or "Its sender died at every attempt."
        if notification.cancelled_at is None:
            _fail(notification, reason, now=now)
        else:
            notification.put_off(until=now, error=reason)
            notification.save()


@transaction.atomic
def cancel_notification(*, notification: Notification, now: datetime) -> None:
    """Do not send it; what is being sent at this moment is not tried again."""
    Notification.objects.filter(pk=notification.pk).cancel(at=now)


@transaction.atomic
def retry_notification(*, notification: Notification, now: datetime) -> bool:
    """Send one that failed or was cancelled after all; False for any other."""
    ended = (NotificationStatus.FAILED, NotificationStatus.CANCELLED)
    again = Notification.objects.select_for_update().filter(pk=notification.pk, status__in=ended)
    if (found := again.first()) is None:
        return False
    found.start_over(at=now)
    found.nudged_at = now
    found.save()
    hint_after_commit([found.pk])
    return True
