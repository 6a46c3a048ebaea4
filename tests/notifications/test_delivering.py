from datetime import datetime, timedelta
from typing import Any

import pytest

from bridges.models import Event
from notifications_app import services
from notifications_app.channels import CHANNELS, ChannelError, Message
from notifications_app.models import Notification
from notifications_app.models.notification import LEASE, MOST_ATTEMPTS
from notifications_app.services.deliveries import pause_after
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.notifications.mailbox import Mailbox

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def deliver(notification: Notification, now: datetime) -> Notification:
    services.deliver(notification_id=notification.pk, now=now)
    return Notification.objects.get(pk=notification.pk)


def payload_of(kind: str) -> dict[str, Any]:
    payload: dict[str, Any] = Event.objects.get(type=kind).payload
    return payload


def test_a_delivered_mail_is_marked_and_told_of(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    delivered = deliver(notification, now)

    assert mailbox.recipients == ["alice@example.com"]
    assert (delivered.status, delivered.attempts, delivered.error) == ("sent", 1, "")
    assert delivered.sent_at is not None
    assert now < delivered.sent_at < now + timedelta(seconds=5)
    assert payload_of("notification.sent.v1")["notification_id"] == notification.pk


def test_it_is_sent_once_however_often_the_job_comes(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    for minute in range(3):
        deliver(notification, now + minute * timedelta(minutes=1))

    assert len(mailbox.received) == 1
    assert Event.objects.filter(type="notification.sent.v1").count() == 1


def test_a_refused_recipient_is_a_failure_with_its_reason(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.rcpt = "550 5.1.1 no such mailbox"

    failed = deliver(notification, now)

    assert (failed.status, failed.error) == ("failed", "550 5.1.1 no such mailbox")
    assert payload_of("notification.failed.v1")["error"] == failed.error


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ({"rcpt": "451 4.7.1 greylisted"}, "451 4.7.1 greylisted"),
        ({"data": "452 4.3.1 disk full"}, "452 4.3.1 disk full"),
        ({"mood": "hang"}, "SMTPServerDisconnected"),
        ({"mood": "drop"}, "SMTPServerDisconnected"),
    ],
)
def test_trouble_that_passes_is_tried_again_with_the_same_message_id(
    notification: Notification,
    mailbox: Mailbox,
    now: datetime,
    trouble: dict[str, str],
    error: str,
) -> None:
    vars(mailbox).update(trouble)

    waiting = deliver(notification, now)

    assert waiting.status == "pending"
    assert waiting.error.startswith(error)
    assert now + timedelta(seconds=3) < waiting.not_before < now + timedelta(seconds=10)

    vars(mailbox).update(rcpt="250 OK", data="250 OK", mood="well")
    assert deliver(notification, now + timedelta(seconds=1)).status == "pending"
    assert deliver(notification, waiting.not_before).status == "sent"
    assert [f"<{notification.message_key}@localhost>"] == [
        mail["Message-ID"] for mail in mailbox.received
    ]


def test_the_pauses_grow_and_end_in_failure(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.rcpt = "451 later"
    waiting = notification
    for _ in range(MOST_ATTEMPTS):
        waiting = deliver(waiting, waiting.not_before)

    assert (waiting.status, waiting.attempts) == ("failed", MOST_ATTEMPTS)
    assert waiting.error == "451 later"
    assert payload_of("notification.failed.v1")["attempts"] == MOST_ATTEMPTS


def test_a_pause_is_a_quarter_more_or_less_than_four_times_the_last() -> None:
    assert all(3.75 <= pause_after(1).total_seconds() <= 6.25 for _ in range(50))
    assert all(2700 <= pause_after(7).total_seconds() <= 4500 for _ in range(50))
    assert len({pause_after(3) for _ in range(10)}) > 1


def test_a_dead_senders_mail_is_sent_by_another_when_its_lease_is_over(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    Notification.objects.claim(notification.pk, now=now)

    assert deliver(notification, now + LEASE - timedelta(seconds=1)).status == "sending"
    assert not mailbox.received
    assert deliver(notification, now + LEASE).status == "sent"


@pytest.mark.parametrize("refusal", [None, ChannelError("550 no", permanent=True)])
def test_a_sender_that_lost_its_lease_marks_nothing(
    notification: Notification,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    refusal: ChannelError | None,
) -> None:
    class SlowPost:
        """Takes so long that another sender claims the message meanwhile."""

        def send(self, message: Message) -> None:
            assert Notification.objects.claim(notification.pk, now=now + LEASE)
            if refusal:
                raise refusal

    monkeypatch.setitem(CHANNELS, "email", SlowPost())

    overtaken = deliver(notification, now)

    assert (overtaken.status, overtaken.attempts) == ("sending", 2)
    assert overtaken.lease_until == now + 2 * LEASE
    assert not Event.objects.filter(aggregatetype="notification").exists()


def test_completing_the_task_while_its_mail_is_sent_spares_the_next_attempt(
    due_task: Task, notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    Notification.objects.claim(notification.pk, now=now)
    tasks.complete_task(task=due_task, actor=due_task.user, now=now)

    assert deliver(notification, now + LEASE).status == "sending"
    services.sweep_deliveries(now=now + LEASE)

    notification.refresh_from_db()
    assert notification.status == "cancelled"
    assert not mailbox.received


def test_a_channel_that_breaks_is_tried_again(notification: Notification, now: datetime) -> None:
    Notification.objects.update(channel="pigeon")

    waiting = deliver(notification, now)

    assert (waiting.status, waiting.error) == ("pending", "KeyError: 'pigeon'")


def test_an_operator_sends_a_failed_one_again(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    mailbox.rcpt = "550 no such mailbox"
    failed = deliver(notification, now)
    mailbox.rcpt = "250 OK"

    assert services.retry_notification(notification=failed, now=now + HOUR)

    assert deliver(notification, now + HOUR).status == "sent"
    assert not services.retry_notification(notification=notification, now=now + HOUR)
