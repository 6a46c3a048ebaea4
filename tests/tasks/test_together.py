"""A change and its event are both there or neither is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app import services
from tasks_app.models import Tag, Task
from tests.conftest import NOW, TaskOf

pytestmark = pytest.mark.django_db

CHANGES: dict[str, Callable[[Task, User], Any]] = {
    "update": lambda task, user: services.update_task(
        task=task, actor=user, now=NOW, changes={"title": "Another", "tags": ["new"]}
    ),
    "complete": lambda task, user: services.complete_task(task=task, actor=user, now=NOW),
    "cancel": lambda task, user: services.cancel_task(task=task, actor=user, now=NOW),
    "delete": lambda task, user: services.delete_task(task=task, actor=user, now=NOW),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_whose_event_cannot_be_written_is_undone(
    alice: User, task_of: TaskOf, change: str
) -> None:
    task = task_of(alice)
    _lose_the_event_log()

    with pytest.raises(DatabaseError):
        CHANGES[change](task, alice)

    kept = Task.objects.get()
    assert (kept.title, kept.status, kept.version) == ("Pay the rent", "pending", 1)
    assert not Tag.objects.exists()


def test_a_task_whose_event_cannot_be_written_is_not_made(alice: User, task_of: TaskOf) -> None:
    _lose_the_event_log()

    with pytest.raises(DatabaseError):
        task_of(alice, tags=["home"])

    assert not Task.objects.exists()
    assert not Tag.objects.exists()


def test_a_fault_of_ours_is_a_problem_document_too(api: APIClient) -> None:
    api.raise_request_exception = False
    _lose_the_event_log()

    answer: Any = api.post("/api/tasks", {"title": "Pay the rent"})

    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert answer["Content-Type"] == "application/problem+json"
    assert not Task.objects.exists()


def _lose_the_event_log() -> None:
    """Until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE event_log RENAME TO event_log_away")
