from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import User
from notifications_app import services
from notifications_app.models import Notification, Reminder
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.notifications.mailbox import Mailbox, listening

ReminderOf = Callable[..., Reminder]


@pytest.fixture
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with listening(mailbox) as (host, port):
        settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
        settings.EMAIL_TIMEOUT = 0.5
        yield mailbox


@pytest.fixture
def reminder_of(now: datetime) -> ReminderOf:
    """Schedule a reminder as the task's owner would; for its due time unless said otherwise."""

    def make(task: Task, **when: Any) -> Reminder:
        when = when or {"offset_minutes": 0}
        return services.schedule_reminder(task=task, actor=task.user, now=now, **when)

    return make


@pytest.fixture
def due_task(alice: User, task_of: TaskOf, now: datetime) -> Task:
    """Alice's task that is due now."""
    return task_of(alice, due_at=now, due_timezone="Europe/Berlin")


@pytest.fixture
def notification(due_task: Task, reminder_of: ReminderOf, now: datetime) -> Notification:
    """Written by the scan, not yet sent."""
    reminder_of(due_task)
    services.fire_due_reminders(now=now)
    return Notification.objects.get()
