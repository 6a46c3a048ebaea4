"""An event that the broker refuses for good stops its user's later ones and nobody else's."""

from datetime import datetime

import pytest

from accounts.models import User
from bridges import services
from bridges.backlog import MOST_ROWS
from bridges.models import Event
from tasks_app.events import TaskCreated
from tests.bridges.conftest import Running
from tests.conftest import TaskOf
from tests.consuming import ids, read
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def _oversize(event: Event) -> None:
    """A row that got past the check of its size, as after a change of the broker's limit."""
    event.payload = event.payload | {"description": "x" * 1_500_000}
    event.save(update_fields=["payload"])


@pytest.fixture
def refused(alice: User, task_of: TaskOf) -> Event:
    task_of(alice)
    event = Event.objects.get(type=TaskCreated.type)
    _oversize(event)
    return event


def test_a_refused_event_is_parked_with_its_reason_and_others_flow(
    running_relay: Running, refused: Event, alice: User, bob: User, task_of: TaskOf
) -> None:
    task_of(alice)
    task_of(bob)

    with running_relay():
        wait_for(lambda: Event.objects.parked().exists())
        wait_for(lambda: not Event.objects.filter(user_id=bob.pk, published_at=None).exists())

    refused.refresh_from_db()
    assert "MessageSizeTooLarge" in refused.parked_reason
    assert Event.objects.filter(user_id=alice.pk, published_at=None, held=True).count() == 2


def test_a_skipped_event_lets_the_ones_behind_it_go(
    running_relay: Running, refused: Event, alice: User, task_of: TaskOf, now: datetime
) -> None:
    task_of(alice)
    behind = Event.objects.exclude(pk=refused.pk).get(user_id=alice.pk)

    with running_relay():
        wait_for(lambda: Event.objects.parked().exists())
        assert services.skip_parked(event=refused, actor=alice, now=now)
        messages = read("task-events", until=lambda found: str(behind.id) in ids(found))

    assert str(refused.id) not in ids(messages)
    refused.refresh_from_db()
    assert f"skipped by {alice.pk}" in refused.parked_reason


def test_a_mended_event_is_sent_before_the_ones_behind_it(
    running_relay: Running, refused: Event, alice: User, task_of: TaskOf
) -> None:
    task_of(alice)
    behind = Event.objects.exclude(pk=refused.pk).get(user_id=alice.pk)

    with running_relay():
        wait_for(lambda: Event.objects.parked().exists())
        Event.objects.filter(pk=refused.pk).update(payload=behind.payload)
        assert services.retry_parked(event=refused, actor=alice)
        messages = read("task-events", until=lambda found: str(behind.id) in ids(found))

    order = [message["id"] for message in messages]
    assert order.index(str(refused.id)) < order.index(str(behind.id))


def test_whoever_is_stopped_does_not_stop_others_by_the_mass_of_their_events(
    running_relay: Running, refused: Event, alice: User, bob: User, task_of: TaskOf
) -> None:
    with running_relay():
        wait_for(lambda: Event.objects.parked().exists())
        Event.objects.bulk_create(_copies_of(refused, MOST_ROWS + 1))
        task_of(bob)
        wait_for(lambda: not Event.objects.filter(user_id=bob.pk, published_at=None).exists())

    assert Event.objects.filter(user_id=alice.pk, published_at=None).count() == MOST_ROWS + 2


def _copies_of(event: Event, count: int) -> list[Event]:
    """Events of the same user, each one small enough."""
    kept = ("aggregatetype", "aggregateid", "type", "user_id", "created_at")
    fields = {name: getattr(event, name) for name in kept}
    return [Event(payload={}, **fields) for _ in range(count)]
