from datetime import datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import User
from bridges.models import Event
from bridges.redis_client import client
from notifications_app import services
from notifications_app.jobs import deliver
from notifications_app.models import Notification
from notifications_app.models.notification import LEASE, MOST_ATTEMPTS
from notifications_app.services.hints import QUEUE, ROOM
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.notifications.conftest import ReminderOf
from tests.notifications.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def hints() -> int:
    return int(client().llen(QUEUE))


def test_the_scan_tells_the_workers_at_once(notification: Notification) -> None:
    assert hints() == 1


def test_a_lost_hint_is_given_again_by_the_next_tick(
    notification: Notification, now: datetime
) -> None:
    client().flushdb()

    services.sweep_deliveries(now=now + SECOND)

    assert hints() == 1


def test_a_waiting_hint_is_not_repeated_each_second(
    notification: Notification, now: datetime
) -> None:
    for tick in range(1, 20):
        services.sweep_deliveries(now=now + tick * SECOND)

    assert hints() == 1


def test_the_queue_is_never_filled_beyond_its_room(
    notification: Notification, now: datetime
) -> None:
    waiting = [
        Notification(
            user_id=notification.user_id,
            kind="reminder",
            channel="email",
            destination=notification.destination,
            dedup_key=str(number),
            subject="Reminder",
            fire_at=now,
            not_before=now,
            created_at=now,
        )
        for number in range(ROOM + 50)
    ]
    Notification.objects.bulk_create(waiting)

    for tick in range(1, 5):
        services.sweep_deliveries(now=now + tick * SECOND)

    assert hints() == ROOM


def test_a_dead_senders_notification_is_told_of_when_its_lease_is_over(
    notification: Notification, now: datetime
) -> None:
    Notification.objects.claim(notification.pk, now=now)
    client().flushdb()

    services.sweep_deliveries(now=now + LEASE - SECOND)
    assert hints() == 0

    services.sweep_deliveries(now=now + LEASE)
    assert hints() == 1


def test_a_retry_is_told_of_when_its_pause_is_over(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.rcpt = "451 later"
    services.deliver(notification_id=notification.pk, now=now)
    client().flushdb()
    notification.refresh_from_db()

    services.sweep_deliveries(now=notification.not_before - SECOND)
    assert hints() == 0

    for tick in range(3):
        services.sweep_deliveries(now=notification.not_before + tick * SECOND)
    assert hints() == 1


def test_senders_that_die_each_time_end_in_a_failure_that_says_so(
    notification: Notification, now: datetime
) -> None:
    for attempt in range(MOST_ATTEMPTS):
        assert Notification.objects.claim(notification.pk, now=now + attempt * LEASE)

    services.sweep_deliveries(now=now + MOST_ATTEMPTS * LEASE)

    notification.refresh_from_db()
    assert (notification.status, notification.error) == (
        "failed",
        "Its sender died at every attempt.",
    )
    assert Event.objects.filter(type="notification.failed.v1").count() == 1


def test_a_rolled_back_scan_tells_nobody(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)

    with transaction.atomic():
        assert services.fire_due_reminders(now=now) == 1
        transaction.set_rollback(True)

    assert hints() == 0
    assert not Notification.objects.exists()


def test_the_job_delivers_what_it_is_told_of(
    alice: User, task_of: TaskOf, reminder_of: ReminderOf, mailbox: Mailbox, now: datetime
) -> None:
    reminder_of(task_of(alice, due_at=now, due_timezone="UTC"))
    services.fire_due_reminders(now=now)

    deliver(notification_id=Notification.objects.get().pk)

    assert mailbox.subjects() == ["Reminder: Pay the rent"]
