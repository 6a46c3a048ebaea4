"""What gets into the event log, and what does not."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from accounts.models import User
from bridges import outbox, routes, schemas
from bridges.models import Event
from tasks_app.events import TaskCreated
from tasks_app.models import Task
from tests.conftest import TaskOf


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(
    alice: User, task_of: TaskOf, now: datetime
) -> None:
    task = task_of(alice)
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.record(TaskCreated.of(task), actor=alice, now=now)


@pytest.mark.django_db(transaction=True)
def test_an_event_that_breaks_its_schema_takes_the_change_back(
    alice: User, task_of: TaskOf, now: datetime
) -> None:
    task = task_of(alice)
    broken = replace(TaskCreated.of(task), payload={"task_id": "not a number"})

    @transaction.atomic
    def change() -> None:
        Task.objects.filter(pk=task.pk).update(title="Changed")
        outbox.record(broken, actor=alice, now=now)

    with pytest.raises(schemas.SchemaViolation, match=r"task\.created\.v1"):
        change()
    task.refresh_from_db()
    assert task.title == "Pay the rent"
    assert Event.objects.count() == 1


@pytest.mark.django_db
def test_an_event_larger_than_kafka_takes_is_refused(
    alice: User, task_of: TaskOf, now: datetime
) -> None:
    event = TaskCreated.of(task_of(alice), notes="x" * outbox.LARGEST)
    with pytest.raises(outbox.EventRefused, match="900000"):
        outbox.record(event, actor=alice, now=now)


@pytest.mark.django_db
def test_an_event_tells_which_request_caused_it_and_who_acted(api: APIClient, alice: User) -> None:
    answer = api.post("/api/tasks", {"title": "Pay the rent"})
    event = Event.objects.get(type="task.created.v1")
    assert event.causation_id == answer.headers["X-Request-ID"]
    assert event.actor_id == event.user_id == alice.pk


@pytest.mark.parametrize("name", sorted(schemas.names()))
def test_each_published_schema_has_an_example_that_satisfies_it(name: str) -> None:
    for example in schemas.document(name)["examples"]:
        schemas.check(name, example)


def test_each_routed_type_has_a_schema_and_each_schema_a_route() -> None:
    routed = {*routes.ROUTES, *routes.TYPE_TOPICS}
    assert routed == schemas.names()


@pytest.mark.django_db
def test_a_schema_is_served_where_dataschema_points(api: APIClient) -> None:
    answer = api.get("/schemas/task.created.v1.json")
    assert answer.status_code == 200
    assert answer.json()["title"] == "A task was created"
    assert api.get("/schemas/no-such.json").status_code == 404
