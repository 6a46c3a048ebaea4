"""From the event log to Kafka, on a real broker."""

from datetime import datetime

import pytest

from accounts.models import User
from bridges import schemas
from bridges.models import Event
from recurrence_app.services import create_series, spawn_due
from tasks_app import services
from tests.bridges.conftest import Running
from tests.conftest import TaskOf
from tests.consuming import Message, ids, read
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_event_reaches_its_stream_once_and_is_marked(
    running_relay: Running, alice: User, task_of: TaskOf
) -> None:
    for _ in range(30):
        task_of(alice)
    recorded = {str(event.id) for event in Event.objects.all()}

    with running_relay():
        messages = read("task-events", until=lambda found: ids(found) >= recorded)
        wait_for(lambda: not Event.objects.unpublished().exists())

    ours = [message["id"] for message in messages if message["id"] in recorded]
    assert len(ours) == len(recorded)


def test_a_change_made_while_the_relay_runs_follows_within_a_second(
    running_relay: Running, alice: User, task_of: TaskOf
) -> None:
    with running_relay():
        task_of(alice)
        wait_for(lambda: not Event.objects.unpublished().exists())
        task_of(alice)
        wait_for(lambda: not Event.objects.unpublished().exists(), seconds=1)


def test_the_events_of_a_task_arrive_in_their_order_in_both_layouts(
    running_relay: Running, alice: User, task_of: TaskOf, now: datetime
) -> None:
    task = task_of(alice)
    services.complete_task(task=task, actor=alice, now=now)
    services.reopen_task(task=task, actor=alice, now=now)
    services.delete_task(task=task, actor=alice, now=now)
    about = f"task/{task.pk}"

    with running_relay():
        stream = read("task-events", until=lambda found: len(_about(found, about)) == 4)
        updated = read("task-updated", until=lambda found: _about(found, about))

    assert [message["type"] for message in _about(stream, about)] == [
        "task.created.v1",
        "task.completed.v1",
        "task.reopened.v1",
        "task.deleted.v1",
    ]
    (reopened,) = _about(updated, about)
    assert reopened["type"] == reopened["data"]["event_type"] == "task-updated"
    assert reopened["id"] == _about(stream, about)[2]["id"] == reopened["data"]["event_id"]


def test_the_task_of_a_series_has_a_topic_of_its_own(
    running_relay: Running, alice: User, now: datetime
) -> None:
    series = create_series(
        owner=alice,
        actor=alice,
        now=now,
        title="Water the plants",
        recurrence_type="daily",
        start_date=now.date(),
    )
    spawn_due(now=now)
    about = f"recurring-task/{series.pk}"

    with running_relay():
        stream = read("task-events", until=lambda found: len(_about(found, about)) == 2)
        own = read("recurring-task-due", until=lambda found: _about(found, about))

    _, due = _about(stream, about)
    (message,) = _about(own, about)
    schemas.check("recurring-task-due", message["data"])
    assert (due["type"], message["type"]) == ("recurring-task.due.v1", "recurring-task-due")
    assert message["id"] == due["id"] == message["data"]["event_id"]
    assert message["data"]["data"] == due["data"]


def test_messages_are_cloudevents_that_satisfy_the_schema_they_name(
    running_relay: Running, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice, tags=["home"])
    about = f"task/{task.pk}"

    with running_relay():
        streams = read("task-events", until=lambda found: _about(found, about))
        types = read("task-created", until=lambda found: _about(found, about))

    for message in (*_about(streams, about), *_about(types, about)):
        assert message["specversion"] == "1.0"
        assert message["partitionkey"] == str(alice.pk)
        assert message["dataschema"].endswith(f"/schemas/{message['type']}.json")
        schemas.check(message["type"], message["data"])


def test_two_relays_publish_each_event_once(
    running_relay: Running, alice: User, task_of: TaskOf
) -> None:
    with running_relay(), running_relay():
        for _ in range(20):
            task_of(alice)
        recorded = {str(event.id) for event in Event.objects.all()}
        messages = read("task-events", until=lambda found: ids(found) >= recorded)

    assert len([message for message in messages if message["id"] in recorded]) == len(recorded)


def _about(messages: list[Message], subject: str) -> list[Message]:
    return [message for message in messages if message["subject"] == subject]
