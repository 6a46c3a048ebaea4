"""The operator's door: what changes through it is recorded like everything else."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.tasks import events

pytestmark = pytest.mark.django_db

LIST = "/admin/tasks_app/task/"


def form(**fields: Any) -> dict[str, Any]:
    """What the browser sends: every field of the page, most of them empty."""
    empty = {
        "title": "Pay the rent",
        "description": "",
        "status": "pending",
        "priority": "2",
        "tag_words": "",
        "due_date": "",
        "due_at_0": "",
        "due_at_1": "",
        "due_timezone": "",
    }
    return empty | fields


def test_a_task_added_for_a_user_is_theirs_and_the_operator_acted(
    admin: Client, operator: User, alice: User
) -> None:
    answer = admin.post(
        f"{LIST}add/",
        form(user=str(alice.pk), tag_words="home, calls", due_at_0="2026-03-02", due_at_1="08:00"),
    )

    assert answer.status_code == 302, answer.content
    task = Task.objects.get()
    assert (task.user, task.tag_names()) == (alice, ["calls", "home"])
    assert task.due_timezone == "Europe/Berlin"
    assert events.types() == ["task.created.v1"]
    assert (events.last().user_id, events.last().actor_id) == (alice.pk, operator.pk)
    assert LogEntry.objects.get().object_id == str(task.pk)


def test_a_change_records_what_differs(
    admin: Client, operator: User, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice, tags=["home"])

    answer = admin.post(
        f"{LIST}{task.pk}/change/",
        form(title="Pay the rent now", tag_words="home", due_date="2026-03-02"),
    )

    assert answer.status_code == 302, answer.content
    task.refresh_from_db()
    assert (task.title, task.version, task.tag_names()) == ("Pay the rent now", 2, ["home"])
    assert events.types() == ["task.created.v1", "task.updated.v1"]
    assert events.last_payload()["changed"] == ["due_date", "title"]
    assert events.last().actor_id == operator.pk


def test_saving_without_a_change_records_nothing(
    admin: Client, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice, tags=["home", "calls"])

    admin.post(f"{LIST}{task.pk}/change/", form(tag_words="calls, home"))

    assert events.types() == ["task.created.v1"]


@pytest.mark.parametrize(
    "fields",
    [
        {"due_date": "2026-03-02", "due_at_0": "2026-03-02", "due_at_1": "08:00"},
        {"due_timezone": "Europe/Berlin"},
        {"due_date": "0001-01-01"},
        {"due_at_0": "9999-12-31", "due_at_1": "23:59"},
        {"tag_words": "x" * 51},
        {"title": " "},
        {"title": "nul\0"},
    ],
)
def test_a_form_that_cannot_be_is_shown_again(
    admin: Client, alice: User, task_of: TaskOf, fields: dict[str, str]
) -> None:
    task = task_of(alice)

    answer = admin.post(f"{LIST}{task.pk}/change/", form(**fields))

    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert events.types() == ["task.created.v1"]


@pytest.mark.parametrize(
    ("action", "recorded"),
    [
        ("complete", "task.completed.v1"),
        ("reopen", "task.reopened.v1"),
        ("cancel", "task.cancelled.v1"),
        ("delete_selected", "task.deleted.v1"),
    ],
)
def test_an_action_records_an_event_for_each_task(
    admin: Client,
    operator: User,
    alice: User,
    bob: User,
    task_of: TaskOf,
    action: str,
    recorded: str,
) -> None:
    status = "completed" if action == "reopen" else "pending"
    tasks = [task_of(owner, status=status) for owner in (alice, bob)]

    admin.post(
        LIST,
        {"action": action, "_selected_action": [task.pk for task in tasks], "post": "yes"},
    )

    assert events.types()[2:] == [recorded] * 2
    assert events.last().actor_id == operator.pk


def test_a_task_is_deleted_with_an_event(admin: Client, alice: User, task_of: TaskOf) -> None:
    admin.post(f"{LIST}{task_of(alice).pk}/delete/", {"post": "yes"})

    assert not Task.objects.exists()
    assert events.types()[-1] == "task.deleted.v1"


@pytest.mark.parametrize(
    "query", ["q=rent", "q=home", "q=alice@", "status__exact=pending", "priority__exact=2"]
)
def test_tasks_are_found(admin: Client, alice: User, task_of: TaskOf, query: str) -> None:
    task_of(alice, title="Pay the rent", tags=["home"])
    task_of(alice, title="Wash the car", status="completed", priority=1)
    others = {"q=alice@": 2}

    page = admin.get(f"{LIST}?{query}").content.decode()

    assert "Pay the rent" in page
    assert ("Wash the car" in page) == (query in others)
