"""What the event log tells of a task."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tasks_app import services
from tasks_app.models import Tag, Task
from tests.conftest import NOW, TaskOf
from tests.contract import problems

pytestmark = pytest.mark.django_db

Told = tuple[str, dict[str, Any] | None]


def test_each_change_is_told_with_what_was_before(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice, tags=["home"])
    path = f"/api/tasks/{task.pk}"
    api.patch(path, {"title": "Pay it", "priority": "high"})
    api.patch(path, {"due_at": "2026-03-02T09:00:00+01:00"})
    api.patch(path, {"due_date": "2026-03-02"})
    api.patch(f"/api/tags/{Tag.objects.get().pk}", {"name": "house"})
    api.patch(path, {"description": "Now", "status": "completed"})
    api.post(f"{path}/reopen")

    assert _told(api, task, "sort_order=asc") == [
        ("task.created.v1", {}),
        (
            "task.updated.v1",
            {
                "title": {"from": "Pay the rent", "to": "Pay it"},
                "priority": {"from": "medium", "to": "high"},
            },
        ),
        (
            "task.updated.v1",
            {
                "due_at": {"from": None, "to": "2026-03-02T08:00:00Z"},
                "due_timezone": {"from": None, "to": "Europe/Berlin"},
            },
        ),
        (
            "task.updated.v1",
            {
                "due_at": {"from": "2026-03-02T08:00:00Z", "to": None},
                "due_timezone": {"from": "Europe/Berlin", "to": None},
                "due_date": {"from": None, "to": "2026-03-02"},
            },
        ),
        ("task.updated.v1", {"tags": {"from": ["home"], "to": ["house"]}}),
        ("task.updated.v1", {"description": {"from": "", "to": "Now"}}),
        ("task.completed.v1", {"status": {"from": "pending", "to": "completed"}}),
        ("task.reopened.v1", {"status": {"from": "completed", "to": "pending"}}),
    ]


def test_an_entry_has_every_field(api: APIClient, alice: User, task_of: TaskOf) -> None:
    task = task_of(alice)
    api.patch(f"/api/tasks/{task.pk}", {"title": "Pay it"})

    page = _page(api, task, "")

    event = Event.objects.latest("seq")
    assert (page["total"], page["limit"], page["offset"]) == (2, 20, 0)
    assert page["items"][0] == {
        "id": str(event.id),
        "type": "task.updated.v1",
        "created_at": event.created_at.isoformat().replace("+00:00", "Z"),
        "actor": "you",
        "actor_id": str(alice.pk),
        "version": 2,
        "changed": ["title"],
        "changes": {"title": {"from": "Pay the rent", "to": "Pay it"}},
    }


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3])
@pytest.mark.parametrize("pages", ["offset", "cursor"])
def test_pages_tell_the_same_as_the_whole(
    api: APIClient, alice: User, task_of: TaskOf, order: str, limit: int, pages: str
) -> None:
    """At their borders too, where two events of one change are apart."""
    task = task_of(alice)
    for number in range(3):
        api.patch(f"/api/tasks/{task.pk}", {"title": f"{number}", "status": "completed"})
        api.patch(f"/api/tasks/{task.pk}", {"priority_id": 1 + number, "status": "pending"})

    whole = _page(api, task, f"sort_order={order}")["items"]
    assert len(whole) == 13
    if order == "desc":
        assert [entry["version"] for entry in whole][:2] == [7, 7]
    found: list[dict[str, Any]] = []
    place: Any = "" if pages == "cursor" else 0
    while len(found) < len(whole):
        page = _page(api, task, f"sort_order={order}&limit={limit}&{pages}={place}")
        found += page["items"]
        place = page["next_cursor"] if pages == "cursor" else len(found)
    assert found == whole


def test_what_the_log_has_forgotten_is_not_made_up(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice)
    for title in ("first", "second"):
        api.patch(f"/api/tasks/{task.pk}", {"title": title})
    Event.objects.order_by("seq")[0].delete()

    assert _told(api, task, "sort_order=asc") == [
        ("task.updated.v1", None),
        ("task.updated.v1", {"title": {"from": "first", "to": "second"}}),
    ]
    Event.objects.all().delete()
    assert _told(api, task, "") == []


def test_who_acted_is_told_without_a_name(
    api: APIClient, alice: User, operator: User, task_of: TaskOf
) -> None:
    task = task_of(alice)
    services.complete_task(task=task, actor=operator, now=NOW)
    Event.objects.create(
        aggregatetype="task",
        aggregateid=str(task.pk),
        type="task.reopened.v1",
        user_id=alice.pk,
        payload=Event.objects.latest("seq").payload | {"status": "pending", "version": 3},
        created_at=NOW,
    )

    answer: Any = api.get(f"/api/tasks/{task.pk}/events")

    assert [entry["actor"] for entry in answer.json()["items"]] == ["system", "operator", "you"]
    ids = [entry["actor_id"] for entry in answer.json()["items"]]
    assert ids == [None, None, str(alice.pk)]
    for known in (operator.email, str(operator.pk)):
        assert known not in answer.content.decode()


def test_a_deleted_task_keeps_its_history(api: APIClient, alice: User, task_of: TaskOf) -> None:
    task = task_of(alice)
    api.delete(f"/api/tasks/{task.pk}")

    assert _told(api, task, "") == [("task.deleted.v1", {}), ("task.created.v1", {})]


def test_a_foreign_history_is_a_404_as_one_that_never_was(
    api: APIClient, api_of: Callable[[User], APIClient], alice: User, bob: User, task_of: TaskOf
) -> None:
    kept, gone = task_of(bob), task_of(bob)
    api_of(bob).delete(f"/api/tasks/{gone.pk}")

    absent: Any = api.get(f"/api/tasks/{'9' * 30}/events")
    assert absent.status_code == 404
    for task in (kept, gone):
        foreign: Any = api.get(f"/api/tasks/{task.pk}/events")
        assert (foreign.status_code, foreign.content) == (404, absent.content)


@pytest.mark.parametrize(
    ("query", "parameter"), [("sort_order=down", "sort_order"), ("limit=0", "limit"), ("a=b", "a")]
)
def test_a_parameter_that_means_nothing_is_named(
    api: APIClient, alice: User, task_of: TaskOf, query: str, parameter: str
) -> None:
    problems.check(api.get(f"/api/tasks/{task_of(alice).pk}/events?{query}"), 400, parameter)


def test_a_page_beyond_the_end_is_empty(api: APIClient, alice: User, task_of: TaskOf) -> None:
    assert _told(api, task_of(alice), "offset=1000") == []


@pytest.mark.parametrize("changes", [1, 50])
def test_a_history_costs_four_statements(
    api: APIClient, alice: User, task_of: TaskOf, changes: int
) -> None:
    task = task_of(alice)
    for number in range(changes):
        services.update_task(task=task, actor=alice, now=NOW, changes={"title": f"{number}"})

    with CaptureQueriesContext(connection) as run:
        assert len(_page(api, task, "limit=200")["items"]) == changes + 1
    assert len(run) == 4  # who asks, how many, which, and what was before them


def _page(api: APIClient, task: Task, query: str) -> dict[str, Any]:
    answer: Any = api.get(f"/api/tasks/{task.pk}/events?{query}")
    assert answer.status_code == 200, answer.content
    page: dict[str, Any] = answer.json()
    return page


def _told(api: APIClient, task: Task, query: str) -> list[Told]:
    return [(entry["type"], entry["changes"]) for entry in _page(api, task, query)["items"]]
