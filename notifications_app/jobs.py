"""The Celery door: two ticks, and the delivery of one notification."""

from celery import shared_task
from django.utils import timezone

from notifications_app import services


@shared_task
def fire_due_reminders() -> None:
    services.fire_due_reminders(now=timezone.now())


@shared_task
def sweep_deliveries() -> None:
    services.sweep_deliveries(now=timezone.now())


# A send ends by itself after 7 s; the limits end one that hangs elsewhere before its lease does.
@shared_task(soft_time_limit=8, time_limit=9)
def deliver(*, notification_id: int) -> None:
    services.deliver(notification_id=notification_id, now=timezone.now())
