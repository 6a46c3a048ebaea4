"""The operator's door to the event log."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from bridges.models import Event
from tests.conftest import TaskOf

CHANGELIST = reverse("admin:bridges_event_changelist")

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(alice: User, task_of: TaskOf, now: datetime) -> Event:
    task_of(alice)
    event = Event.objects.get(type="task.created.v1")
    Event.objects.filter(pk=event.pk).update(
        parked_at=now, parked_reason="MessageSizeTooLarge", held=True
    )
    return event


@pytest.mark.parametrize(
    ("state", "shown"), [("", True), ("parked", True), ("waiting", False), ("held", False)]
)
def test_the_log_is_narrowed_by_state(
    admin: Client, parked: Event, state: str, shown: bool
) -> None:
    page = admin.get(CHANGELIST, {"state": state} if state else {})
    assert (str(parked.id) in page.content.decode()) is shown


def test_the_log_is_found_by_the_task(admin: Client, parked: Event) -> None:
    assert str(parked.id) in admin.get(CHANGELIST, {"q": parked.aggregateid}).content.decode()
    assert str(parked.id) not in admin.get(CHANGELIST, {"q": "0"}).content.decode()


def test_an_operator_sends_a_parked_event_again(admin: Client, parked: Event) -> None:
    _act(admin, "retry", parked)
    assert Event.objects.waiting().filter(pk=parked.pk).exists()


def test_an_operator_skips_a_parked_event(admin: Client, parked: Event) -> None:
    _act(admin, "skip", parked)
    parked.refresh_from_db()
    assert parked.published_at
    assert "skipped by" in parked.parked_reason


def test_an_event_that_is_not_parked_cannot_be_skipped(
    admin: Client, alice: User, task_of: TaskOf
) -> None:
    task_of(alice)
    event = Event.objects.get(type="task.created.v1")
    _act(admin, "skip", event)
    event.refresh_from_db()
    assert event.published_at is None


def test_events_can_be_neither_changed_nor_deleted(admin: Client, parked: Event) -> None:
    page = reverse("admin:bridges_event_change", args=[parked.pk])
    assert admin.get(page).status_code == 200
    assert admin.post(page, {"type": "other"}).status_code == 403
    assert admin.post(reverse("admin:bridges_event_delete", args=[parked.pk])).status_code == 403
    assert admin.get(reverse("admin:bridges_event_add")).status_code == 403


def _act(admin: Client, action: str, event: Event) -> None:
    answer = admin.post(CHANGELIST, {"action": action, "_selected_action": [event.pk]})
    assert answer.status_code == 302
