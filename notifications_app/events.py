"""What happens to reminders and notifications."""

from typing import Any, ClassVar, Self

from bridges.events import DomainEvent
from notifications_app.models import Notification, Reminder


class ReminderEvent(DomainEvent):
    aggregatetype: ClassVar[str] = "reminder"

    @classmethod
    def of(cls, reminder: Reminder, **more: Any) -> Self:
        payload = {
            "reminder_id": reminder.pk,
            "task_id": reminder.task_id,
            "user_id": reminder.user_id,
            "title": reminder.task.title,
            "fire_at": reminder.fire_at,
        }
        return cls(aggregateid=str(reminder.pk), user_id=reminder.user_id, payload=payload | more)


class ReminderScheduled(ReminderEvent):
    """Set, moved to another time, or brought back."""

    type: ClassVar[str] = "reminder.scheduled.v1"


class ReminderCancelled(ReminderEvent):
    type: ClassVar[str] = "reminder.cancelled.v1"


class ReminderDue(ReminderEvent):
    type: ClassVar[str] = "reminder.due.v1"


class ReminderMissed(ReminderEvent):
    type: ClassVar[str] = "reminder.missed.v1"


class NotificationEvent(DomainEvent):
    aggregatetype: ClassVar[str] = "notification"

    @classmethod
    def of(cls, notification: Notification, **more: Any) -> Self:
        payload = {
            "notification_id": notification.pk,
            "user_id": notification.user_id,
            "task_id": notification.task_id,
            "kind": notification.kind,
            "channel": notification.channel,
            "attempts": notification.attempts,
        }
        return cls(
            aggregateid=str(notification.pk), user_id=notification.user_id, payload=payload | more
        )


class NotificationSent(NotificationEvent):
    type: ClassVar[str] = "notification.sent.v1"

    @classmethod
    def of(cls, notification: Notification, **more: Any) -> Self:
        return super().of(notification, sent_at=notification.sent_at, **more)


class NotificationFailed(NotificationEvent):
    type: ClassVar[str] = "notification.failed.v1"

    @classmethod
    def of(cls, notification: Notification, **more: Any) -> Self:
        return super().of(notification, error=notification.error, **more)
