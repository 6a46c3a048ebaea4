from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Tag
from tests.tasks import events

pytestmark = pytest.mark.django_db


def test_a_created_task_has_every_field_of_the_contract(api: APIClient) -> None:
    answer: Any = api.post("/api/tasks", {"title": "Pay the rent"})

    assert answer.status_code == 201
    task = answer.json()
    made = task.pop("created_at")
    assert task.pop("updated_at") == made
    assert task.pop("id") > 0
    assert task == {
        "title": "Pay the rent",
        "description": "",
        "status": "pending",
        "priority": "medium",
        "priority_id": 2,
        "tags": [],
        "due_date": None,
        "due_at": None,
        "due_timezone": None,
        "notified": False,
        "is_recurring": False,
        "recurring_task_id": None,
        "occurrence": None,
        "version": 1,
        "completed_at": None,
    }


def test_a_task_is_read_back_as_it_was_answered(api: APIClient) -> None:
    body = {
        "title": "Ärzte anrufen 🩺",
        "description": "  kept as typed\n",
        "status": "in_progress",
        "tags": ["home", "calls", "home"],
        "due_at": "2026-03-02T09:00:00+01:00",
    }
    task = _created(api, **body)

    assert task["tags"] == ["calls", "home"]
    assert task["description"] == body["description"]
    assert task == api.get(f"/api/tasks/{task['id']}").json()


def test_a_task_may_be_made_completed(api: APIClient) -> None:
    task = _created(api, status="completed")

    assert task["completed_at"] == task["created_at"]


@pytest.mark.parametrize(
    "said", [{"priority": "urgent"}, {"priority_id": 4}, {"priority": "urgent", "priority_id": 4}]
)
def test_the_priority_is_given_by_name_or_number(api: APIClient, said: dict[str, Any]) -> None:
    task = _created(api, **said)

    assert (task["priority"], task["priority_id"]) == ("urgent", 4)


def test_read_only_fields_are_ignored(api: APIClient) -> None:
    task = _created(api, id=7_000_000, version=9, notified=True, completed_at="soon")

    assert task["id"] != 7_000_000
    assert (task["version"], task["notified"], task["completed_at"]) == (1, False, None)


def test_the_event_tells_the_whole_task_and_who_made_it(api: APIClient, alice: User) -> None:
    task = _created(api, tags=["home"], due_at="2026-03-02T09:00:00+01:00")

    event = events.last()
    assert event.type == "task.created.v1"
    assert event.aggregateid == str(task["id"])
    assert (event.user_id, event.actor_id) == (alice.pk, alice.pk)
    told = events.last_payload()
    assert told["task_id"] == task["id"]
    assert told["tags"] == ["home"]
    assert told["due_at"] == "2026-03-02T08:00:00+00:00"
    assert told["due_date"] == "2026-03-02"


def test_a_tag_is_made_once_for_all_tasks_of_a_user(api: APIClient, alice: User) -> None:
    _created(api, tags=["home", "calls"])
    _created(api, tags=["home", "garden"])

    assert [tag.name for tag in Tag.objects.filter(user=alice)] == ["calls", "garden", "home"]


@pytest.mark.parametrize(
    "most",
    [
        {"title": "🩺" * 500, "description": "🩺" * 10_000},
        {"tags": [f"{number:02}" + "🩺" * 48 for number in range(50)]},
        {"due_date": "1900-01-01"},
        {"due_date": "2200-12-31"},
        {"due_at": "1900-01-01T00:00:00Z"},
        {"due_at": "2200-12-31T23:59:59.999999Z", "due_timezone": "Pacific/Kiritimati"},
        {"due_at": "1900-01-01T00:00:00Z", "due_timezone": "America/Adak"},
    ],
    ids=lambda most: str(most)[:30],
)
def test_the_longest_and_furthest_are_taken(api: APIClient, most: dict[str, Any]) -> None:
    task = _created(api, **most)

    assert {name: task[name] for name in most} == most


def test_blanks_around_a_title_or_tag_are_cut_off(api: APIClient) -> None:
    task = _created(api, title="  Pay \n", tags=[" home"])

    assert (task["title"], task["tags"]) == ("Pay", ["home"])


def test_of_a_key_that_comes_twice_the_last_counts(api: APIClient) -> None:
    answer: Any = api.generic(
        "POST", "/api/tasks", '{"title": "a", "title": "b"}', "application/json"
    )

    assert answer.json()["title"] == "b"


def _created(api: APIClient, **body: Any) -> dict[str, Any]:
    answer: Any = api.post("/api/tasks", {"title": "Pay the rent", **body})
    assert answer.status_code == 201, answer.content
    task: dict[str, Any] = answer.json()
    return task
