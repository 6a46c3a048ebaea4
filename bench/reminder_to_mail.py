"""How late a reminder's mail is, beside a bare program that sleeps until the time and sends it."""

import json
import smtplib
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import django
import environ

from bench.figures import latencies, percentile
from bench.product import Product

REMINDERS = 200
EVERY = 0.1  # seconds between two reminders
LEAD = 5  # seconds until the first
PATIENCE = 30  # seconds for the last mail to arrive


def run(product: Product) -> None:
    django.setup()
    email = f"bench-{uuid.uuid4().hex}@example.com"
    times = _times()
    _remind(email, times)
    _wait_until(times[-1])
    ours = _lateness(product, email, times)

    bare_email = f"bare-{uuid.uuid4().hex}@example.com"
    bare_times = _times()
    for number, at in enumerate(bare_times):
        _wait_until(at)
        _send(bare_email, number)
    bare = _lateness(product, bare_email, bare_times)

    print(latencies("bare program's mail after its time", bare))
    print(latencies("reminder's mail after its time", ours))
    ratio = percentile(ours, 0.99) / percentile(bare, 0.99)
    print(f"ratio of p99, ours to the bare program (ours ticks each second): {ratio:.1f}")


def _times() -> list[datetime]:
    first = datetime.now(UTC) + timedelta(seconds=LEAD)
    return [first + timedelta(seconds=EVERY * number) for number in range(REMINDERS)]


def _remind(email: str, times: list[datetime]) -> None:
    from accounts.models import User
    from notifications_app import services as reminders
    from tasks_app import services as tasks

    owner = User.objects.create_user(email)
    for number, at in enumerate(times):
        now = datetime.now(UTC)
        task = tasks.create_task(owner=owner, actor=owner, now=now, title=str(number))
        reminders.schedule_reminder(task=task, actor=owner, now=now, at=at)


def _send(email: str, number: int) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "bench@example.com", email
    message["Subject"] = f"Reminder: {number}"
    message.set_content("Bare")
    server = urlsplit(environ.Env().str("EMAIL_URL"))
    with smtplib.SMTP(server.hostname or "", server.port or 25) as smtp:
        smtp.send_message(message)


def _lateness(product: Product, email: str, times: list[datetime]) -> list[float]:
    """Seconds from each reminder's time to its mail's receipt."""
    mails = _collect(product.page["mail"], email, enough=lambda found: len(found) >= len(times))
    received = {
        int(mail["subject"].removeprefix("Reminder: ")): datetime.fromisoformat(mail["received_at"])
        for mail in mails
    }
    if len(mails) != len(times) or len(received) != len(times):
        raise SystemExit(f"{len(mails)} mails for {len(times)} reminders")
    return [(received[number] - at).total_seconds() for number, at in enumerate(times)]


def _collect(
    inbox: str, email: str, *, enough: Callable[[list[dict[str, Any]]], bool]
) -> list[dict[str, Any]]:
    until = time.monotonic() + PATIENCE
    while True:
        with urlopen(f"{inbox}/api/messages?to={email}") as answer:  # noqa: S310
            found: list[dict[str, Any]] = json.load(answer)
        if enough(found) or time.monotonic() > until:
            return found
        time.sleep(0.5)


def _wait_until(at: datetime) -> None:
    time.sleep(max(0.0, (at - datetime.now(UTC)).total_seconds()))
