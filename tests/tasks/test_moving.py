"""Complete, reopen and cancel."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.tasks import events

pytestmark = pytest.mark.django_db

MOVES = {"complete": "completed", "cancel": "cancelled", "reopen": "pending"}
RECORDED = {
    "complete": "task.completed.v1",
    "cancel": "task.cancelled.v1",
    "reopen": "task.reopened.v1",
}


@pytest.mark.parametrize(
    ("status", "verb"),
    [
        ("pending", "complete"),
        ("in_progress", "complete"),
        ("cancelled", "complete"),
        ("pending", "cancel"),
        ("completed", "cancel"),
        ("completed", "reopen"),
        ("cancelled", "reopen"),
    ],
)
def test_a_move_is_made_and_recorded_once(
    api: APIClient, alice: User, task_of: TaskOf, status: str, verb: str
) -> None:
    task = task_of(alice, status=status)

    once, twice = _move(api, task, verb), _move(api, task, verb)

    assert (once["status"], once["version"]) == (MOVES[verb], 2)
    assert (once["completed_at"] is not None) == (verb == "complete")
    assert twice == once
    assert events.types() == ["task.created.v1", RECORDED[verb]]
    assert events.last_payload()["status"] == MOVES[verb]


@pytest.mark.parametrize("status", ["pending", "in_progress"])
def test_reopening_an_open_task_leaves_it_as_it_is(
    api: APIClient, alice: User, task_of: TaskOf, status: str
) -> None:
    assert _move(api, task_of(alice, status=status), "reopen")["status"] == status
    assert events.types() == ["task.created.v1"]


def test_a_deleted_task_is_gone_and_its_event_stays(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    path = f"/api/tasks/{task_of(alice, tags=['home']).pk}"

    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404
    assert api.delete(path).status_code == 404
    assert events.types() == ["task.created.v1", "task.deleted.v1"]
    assert events.last_payload()["tags"] == ["home"]


def _move(api: APIClient, task: Task, verb: str) -> dict[str, Any]:
    answer: Any = api.post(f"/api/tasks/{task.pk}/{verb}")
    assert answer.status_code == 200, answer.content
    moved: dict[str, Any] = answer.json()
    return moved
