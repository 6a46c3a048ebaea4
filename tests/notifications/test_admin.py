from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from notifications_app import services
from notifications_app.models import Notification, Reminder
from tasks_app.models import Task
from tests.notifications.conftest import ReminderOf
from tests.notifications.mailbox import Mailbox

pytestmark = pytest.mark.django_db

REMINDERS = "/admin/notifications_app/reminder/"
NOTIFICATIONS = "/admin/notifications_app/notification/"


@pytest.fixture
def failed(notification: Notification, mailbox: Mailbox, now: datetime) -> Notification:
    mailbox.rcpt = "550 no such mailbox"
    services.deliver(notification_id=notification.pk, now=now)
    mailbox.rcpt = "250 OK"
    return notification


def act(client: Client, page: str, action: str, row: Any) -> None:
    client.post(page, {"action": action, "_selected_action": [row.pk]})


@pytest.mark.parametrize("query", ["", "?q=alice", "?status__exact=failed"])
def test_an_operator_finds_what_failed(admin: Client, failed: Notification, query: str) -> None:
    page = admin.get(NOTIFICATIONS + query)

    assert "550 no such mailbox" in page.content.decode()
    assert admin.get(f"{NOTIFICATIONS}{failed.pk}/change/").status_code == 200


def test_an_operator_sends_it_again(admin: Client, failed: Notification, mailbox: Mailbox) -> None:
    act(admin, NOTIFICATIONS, "retry", failed)

    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == ("pending", 0)
    services.deliver(notification_id=failed.pk, now=failed.not_before)
    assert len(mailbox.received) == 1


def test_an_operator_cancels_what_waits(admin: Client, notification: Notification) -> None:
    act(admin, NOTIFICATIONS, "cancel", notification)

    notification.refresh_from_db()
    assert notification.status == "cancelled"


def test_an_operator_cancels_a_reminder(
    admin: Client, due_task: Task, reminder_of: ReminderOf
) -> None:
    reminder = reminder_of(due_task)
    assert "Pay the rent" in admin.get(f"{REMINDERS}?q=rent").content.decode()

    act(admin, REMINDERS, "cancel", reminder)

    assert not Reminder.objects.exists()


def test_who_may_only_look_changes_nothing(notification: Notification) -> None:
    looker = User.objects.create_user("looker@example.com", "looker's own words", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_notification"))
    client = Client()
    client.force_login(looker)

    act(client, NOTIFICATIONS, "cancel", notification)

    notification.refresh_from_db()
    assert notification.status == "pending"
