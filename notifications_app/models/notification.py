"""One message to one destination on one channel."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from accounts.models import User
from tasks_app.models import Task

LEASE: Final = timedelta(seconds=10)
MOST_ATTEMPTS: Final = 8


class NotificationStatus(models.TextChoices):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def owned_by(self, user: User) -> NotificationQuerySet:
        return self.filter(user=user)

    def claim(self, pk: int, *, now: datetime) -> Notification | None:
        """Take one for sending, for as long as the lease lasts. None: nothing to do, or taken.

        One statement, so that of two senders only one gets the row.
        """
        values = {"id": pk, "now": now, "lease_until": now + LEASE, "most": MOST_ATTEMPTS}
        return next(iter(self.raw(_CLAIM, values)), None)

    def cancel(self, *, at: datetime) -> None:
        """One statement: a row that changes its status just now is met in either of them."""
        open_ = (NotificationStatus.PENDING, NotificationStatus.SENDING)
        self.filter(status__in=open_, cancelled_at=None).update(
            cancelled_at=at,
            status=Case(
                When(status=NotificationStatus.PENDING, then=Value(NotificationStatus.CANCELLED)),
                default=F("status"),
            ),
        )

    def held_under(self, lease: Notification) -> NotificationQuerySet:
        """The claimed row, for as long as nobody else has claimed it since."""
        return self.filter(
            pk=lease.pk, status=NotificationStatus.SENDING, lease_until=lease.lease_until
        )

    def expired(self, now: datetime) -> NotificationQuerySet:
        """Those whose sender has died on the way, or is as good as dead."""
        return self.filter(status=NotificationStatus.SENDING, lease_until__lte=now)

    def exhausted(self, now: datetime) -> NotificationQuerySet:
        """Expired ones that are not tried again."""
        return self.expired(now).filter(
            Q(attempts__gte=MOST_ATTEMPTS) | Q(cancelled_at__isnull=False)
        )

    def untold(self, now: datetime, *, lost_after: timedelta) -> NotificationQuerySet:
        """Those to send now of which no worker was told, or so long ago that the hint is lost."""
        pending = Q(status=NotificationStatus.PENDING, not_before__lte=now)
        expired = Q(status=NotificationStatus.SENDING, lease_until__lte=now)
        return self.filter(
            pending | expired, Q(nudged_at=None) | Q(nudged_at__lte=now - lost_after)
        ).order_by("not_before")


_CLAIM = """
UPDATE notifications_app_notification
   SET status = 'sending', lease_until = %(lease_until)s, attempts = attempts + 1, nudged_at = NULL
 WHERE id = %(id)s AND cancelled_at IS NULL AND attempts < %(most)s
   AND (status = 'pending' AND not_before <= %(now)s
        OR status = 'sending' AND lease_until <= %(now)s)
RETURNING *
"""


class Notification(models.Model):
    """`message_key` names the message to its provider and stays the same over all attempts.

    `cancelled_at` tells that it is not wanted any more; one that is being sent just then ends
    as sent, or is not tried again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, related_name="notifications")
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=20)
    destination = models.CharField(max_length=500)
    dedup_key = models.CharField(max_length=700, unique=True)
    message_key = models.UUIDField(default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=600)
    body = models.TextField()
    fire_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    status = models.CharField(
        max_length=9, choices=NotificationStatus.choices, default=NotificationStatus.PENDING
    )
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    nudged_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects: ClassVar[NotificationQuerySet] = NotificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before"], condition=Q(status="pending"), name="notification_pending"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(status="sending"), name="notification_leased"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=NotificationStatus.values),
                name="notification_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="sending", lease_until__isnull=False)
                | (~Q(status="sending") & Q(lease_until=None)),
                name="notification_sending_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at=None)),
                name="notification_sent_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(error=""), name="notification_failed_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(status="pending") | Q(cancelled_at=None),
                name="notification_pending_is_wanted",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False),
                name="notification_cancelled_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def mark_sent(self, *, at: datetime) -> None:
        self._release(NotificationStatus.SENT)
        self.sent_at = at
        self.error = ""

    def put_off(self, *, until: datetime, error: str) -> None:
        """Try again later, unless it was cancelled meanwhile."""
        wanted = self.cancelled_at is None
        self._release(NotificationStatus.PENDING if wanted else NotificationStatus.CANCELLED)
        self.not_before = until
        self.error = error

    def fail(self, *, error: str) -> None:
        self._release(NotificationStatus.FAILED)
        self.error = error

    def start_over(self, *, at: datetime) -> None:
        """Give it all its attempts again, now."""
        self._release(NotificationStatus.PENDING)
        self.attempts = 0
        self.not_before = at
        self.cancelled_at = None

    def _release(self, status: NotificationStatus) -> None:
        self.status = status
        self.lease_until = None
        self.nudged_at = None
