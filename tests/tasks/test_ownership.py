"""Somebody else's task does not exist."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app import services
from tasks_app.models import Task
from tests.conftest import NOW, TaskOf
from tests.tasks import events

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("method", "suffix"),
    [
        ("get", ""),
        ("put", ""),
        ("patch", ""),
        ("delete", ""),
        ("post", "/complete"),
        ("post", "/reopen"),
        ("post", "/cancel"),
    ],
)
def test_a_foreign_task_is_a_404_in_every_verb(
    api: APIClient, bob: User, task_of: TaskOf, method: str, suffix: str
) -> None:
    task = task_of(bob)

    foreign: Any = getattr(api, method)(f"/api/tasks/{task.pk}{suffix}")
    absent: Any = getattr(api, method)(f"/api/tasks/{task.pk + 1}{suffix}")

    assert foreign.status_code == 404
    assert foreign.content == absent.content
    assert Task.objects.get().version == 1
    assert events.types() == ["task.created.v1"]


def test_a_list_holds_only_ones_own(
    api: APIClient, api_of: Callable[[User], APIClient], alice: User, bob: User, task_of: TaskOf
) -> None:
    task_of(bob, title="Bob's", tags=["home"])
    task_of(alice, title="Alice's", tags=["home"])

    answer: Any = api.get("/api/tasks?tag=home")
    assert [task["title"] for task in answer.json()["items"]] == ["Alice's"]


def test_the_owner_never_comes_from_the_body(api: APIClient, bob: User) -> None:
    answer: Any = api.post("/api/tasks", {"title": "For Bob", "user_id": str(bob.pk)})

    assert answer.status_code == 400
    assert not Task.objects.exists()


def test_an_event_tells_the_owner_and_who_acted(alice: User, bob: User, task_of: TaskOf) -> None:
    services.complete_task(task=task_of(alice), actor=bob, now=NOW)

    assert (events.last().user_id, events.last().actor_id) == (alice.pk, bob.pk)
