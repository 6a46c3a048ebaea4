from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import User
from bridges.models import Event
from notifications_app import services
from notifications_app.models import Notification, Reminder
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.notifications.conftest import ReminderOf

pytestmark = pytest.mark.django_db


def payload_of(kind: str) -> dict[str, Any]:
    payload: dict[str, Any] = Event.objects.get(type=kind).payload
    return payload


def test_a_due_reminder_writes_a_mail_to_the_owner(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder = reminder_of(due_task)

    assert services.fire_due_reminders(now=now) == 1

    notification = Notification.objects.get()
    assert notification.destination == "alice@example.com"
    assert notification.subject == "Reminder: Pay the rent"
    assert notification.body == "Pay the rent\nDue 2026-03-01 10:00 (Europe/Berlin)"
    assert (notification.status, notification.late) == ("pending", False)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.settled_at) == ("fired", now)
    assert payload_of("reminder.due.v1")["reminder_id"] == reminder.pk
    assert payload_of("reminder.due.v1")["late"] is False


def test_a_second_scan_finds_nothing(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)

    assert [services.fire_due_reminders(now=now) for _ in range(2)] == [1, 0]
    assert Notification.objects.count() == 1


def test_one_time_of_one_reminder_is_mailed_once_whatever_sets_it_back(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder = reminder_of(due_task)
    services.fire_due_reminders(now=now)
    Reminder.objects.update(state="scheduled", settled_at=None)

    assert services.fire_due_reminders(now=now) == 1

    reminder.refresh_from_db()
    assert reminder.state == "fired"
    assert Notification.objects.count() == 1


def test_a_reminder_to_come_is_left_alone(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task, offset_minutes=1)

    assert services.fire_due_reminders(now=now) == 0
    assert services.fire_due_reminders(now=now + timedelta(minutes=1)) == 1


def test_after_downtime_it_is_sent_and_says_that_it_is_late(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)

    services.fire_due_reminders(now=now + timedelta(hours=23))

    notification = Notification.objects.get()
    assert notification.late
    assert "late; its time was 2026-03-01 09:00 UTC" in notification.body
    assert payload_of("reminder.due.v1")["late"] is True


def test_beyond_the_catch_up_window_it_is_missed_and_shown_so(
    due_task: Task, reminder_of: ReminderOf, now: datetime, settings: LazySettings
) -> None:
    reminder = reminder_of(due_task)

    services.fire_due_reminders(now=now + settings.REMINDER_CATCH_UP + timedelta(seconds=1))

    reminder.refresh_from_db()
    assert reminder.state == "missed"
    assert not Notification.objects.exists()
    assert payload_of("reminder.missed.v1")["reminder_id"] == reminder.pk


def test_one_call_drains_more_than_a_batch(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    for _ in range(7):
        reminder_of(due_task)

    assert services.fire_due_reminders(now=now, limit=3) == 7
    assert Notification.objects.count() == 7


def test_a_batch_of_many_takes_hardly_more_statements_than_one_of_few(
    due_task: Task, reminder_of: ReminderOf, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        reminder_of(due_task)

    with django_assert_max_num_queries(8 + 10):  # the events are recorded one by one
        services.fire_due_reminders(now=now)


def test_a_deactivated_user_gets_no_mail(
    alice: User, due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert services.fire_due_reminders(now=now) == 1
    assert not Notification.objects.exists()


def test_a_row_that_breaks_the_scan_keeps_nobody_elses_reminder_from_them(
    due_task: Task, bob: User, task_of: TaskOf, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)
    Task.objects.filter(pk=due_task.pk).update(due_timezone="Mars/Olympus")
    reminder_of(task_of(bob, due_at=now, due_timezone="UTC"))

    assert services.fire_due_reminders(now=now) == 1

    assert Notification.objects.get().destination == "bob@example.com"
    assert Reminder.objects.scheduled().get().task == due_task
