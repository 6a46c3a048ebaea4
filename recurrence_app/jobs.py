"""The Celery door: the tick that makes what is due."""

from celery import shared_task
from django.utils import timezone

from recurrence_app import services


@shared_task
def spawn_due() -> None:
    services.spawn_due(now=timezone.now())
