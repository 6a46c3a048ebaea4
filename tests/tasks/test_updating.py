from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.tasks import events

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(alice: User, task_of: TaskOf) -> Task:
    return task_of(alice, tags=["home"], description="Before the 3rd")


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_a_body_leaves_out_stays(api: APIClient, task: Task, method: str) -> None:
    answer = getattr(api, method)(f"/api/tasks/{task.pk}", {"priority": "high"})

    assert answer.status_code == 200
    changed = answer.json()
    assert (changed["title"], changed["description"]) == ("Pay the rent", "Before the 3rd")
    assert (changed["priority_id"], changed["tags"], changed["version"]) == (3, ["home"], 2)
    assert changed["updated_at"] > changed["created_at"]
    assert changed == api.get(f"/api/tasks/{task.pk}").json()


def test_an_update_names_what_it_changed(api: APIClient, task: Task) -> None:
    _patch(api, task, title="Pay the rent", priority="low", tags=["bank"])

    assert events.types() == ["task.created.v1", "task.updated.v1"]
    assert events.last_payload()["changed"] == ["priority", "tags"]
    assert events.last_payload()["tags"] == ["bank"]
    assert events.last_payload()["version"] == 2


@pytest.mark.parametrize(
    "same", [{}, {"title": "Pay the rent"}, {"tags": ["home", "home"]}, {"status": "pending"}]
)
def test_an_update_without_a_difference_leaves_no_trace(
    api: APIClient, task: Task, same: dict[str, Any]
) -> None:
    before = api.get(f"/api/tasks/{task.pk}").json()

    assert _patch(api, task, **same) == before
    assert events.types() == ["task.created.v1"]


def test_tags_can_all_be_taken_off(api: APIClient, task: Task) -> None:
    assert _patch(api, task, tags=[])["tags"] == []


@pytest.mark.parametrize(
    ("status", "recorded"),
    [
        ("in_progress", "task.updated.v1"),
        ("completed", "task.completed.v1"),
        ("cancelled", "task.cancelled.v1"),
    ],
)
def test_a_changed_status_is_recorded_as_what_it_means(
    api: APIClient, task: Task, status: str, recorded: str
) -> None:
    changed = _patch(api, task, status=status)

    assert (changed["completed_at"] is not None) == (status == "completed")
    assert events.types() == ["task.created.v1", recorded]


def test_a_completed_task_back_in_progress_is_reopened(api: APIClient, task: Task) -> None:
    _patch(api, task, status="completed")

    assert _patch(api, task, status="in_progress")["completed_at"] is None
    assert events.types()[-1] == "task.reopened.v1"


def test_fields_and_status_at_once_are_one_version_and_two_events(
    api: APIClient, task: Task
) -> None:
    assert _patch(api, task, status="completed", title="Rent paid")["version"] == 2
    assert events.types()[1:] == ["task.updated.v1", "task.completed.v1"]


def _patch(api: APIClient, task: Task, **body: Any) -> dict[str, Any]:
    answer: Any = api.patch(f"/api/tasks/{task.pk}", body)
    assert answer.status_code == 200, answer.content
    changed: dict[str, Any] = answer.json()
    return changed
