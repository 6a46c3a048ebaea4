"""Many operations in one call: each with its result, or none of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from notifications_app.models import Reminder
from tasks_app.models import Tag, Task
from tests.conftest import TaskOf
from tests.tasks import events

pytestmark = pytest.mark.django_db(transaction=True)

Body = dict[str, Any]
DUE = datetime(2100, 1, 1, 9, tzinfo=UTC)


def test_each_operation_has_its_result(api: APIClient, alice: User, task_of: TaskOf) -> None:
    ids = [task_of(alice, tags=["home"]).pk for _ in range(5)]
    made, changed, done, back, given_up, gone = _good(
        api,
        {"op": "create", "task": {"title": "New", "tags": ["home", "new"], "priority": "high"}},
        {"op": "update", "id": ids[0], "task": {"title": "Changed", "tags": ["bank"]}},
        {"op": "complete", "id": ids[1]},
        {"op": "reopen", "id": ids[2]},
        {"op": "cancel", "id": ids[3]},
        {"op": "delete", "id": ids[4]},
    )["results"]

    assert [made["status"], gone["status"]] == [201, 204]
    assert (made["task"]["title"], made["task"]["tags"]) == ("New", ["home", "new"])
    assert (changed["task"]["title"], changed["task"]["tags"]) == ("Changed", ["bank"])
    assert (done["task"]["status"], back["task"]["version"]) == ("completed", 1)
    assert given_up["task"]["status"] == "cancelled"
    assert "task" not in gone
    for result in (made, changed, done, back, given_up):
        read: Any = api.get(f"/api/tasks/{result['task']['id']}")
        assert read.json() == result["task"]


def test_operations_on_one_task_follow_each_other(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice, tags=["home"])
    answer = _good(
        api,
        {"op": "update", "id": task.pk, "task": {"tags": ["bank"]}, "version": 1},
        {"op": "complete", "id": task.pk, "version": 2},
        {"op": "update", "id": task.pk, "task": {"tags": ["home", "new"]}},
        {"op": "reopen", "id": task.pk},
    )

    assert answer["results"][0]["task"] == answer["results"][3]["task"]
    assert answer["results"][3]["task"]["version"] == 5
    told = Event.objects.filter(aggregatetype="task").order_by("seq")
    assert [event.type for event in told] == [
        "task.created.v1",
        "task.updated.v1",
        "task.completed.v1",
        "task.updated.v1",
        "task.reopened.v1",
    ]
    assert [event.payload["tags"] for event in told] == [
        ["home"],
        ["bank"],
        ["bank"],
        ["home", "new"],
        ["home", "new"],
    ]
    assert Task.objects.get().tag_names() == ["home", "new"]


def test_what_comes_after_a_deletion_finds_nothing(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice)
    answer = _sent(
        api,
        {"op": "update", "id": task.pk, "task": {"title": "Last words"}},
        {"op": "delete", "id": task.pk},
        {"op": "complete", "id": task.pk},
        atomic=False,
    )

    assert [result["status"] for result in answer.json()["results"]] == [200, 204, 404]
    assert events.types() == ["task.created.v1", "task.updated.v1", "task.deleted.v1"]


FAILING: list[tuple[Body, int, Any]] = [
    ({"op": "create", "task": {"title": ""}}, 400, {"task": {"title"}}),
    ({"op": "create", "task": {"title": "x", "owner": "me"}}, 400, {"task": {"owner"}}),
    ({"op": "create"}, 400, {"task"}),
    ({"op": "create", "id": 5, "task": {"title": "x"}}, 400, {"id"}),
    ({"op": "create", "task": "x"}, 400, {"task": {"non_field_errors"}}),
    ({"op": "update", "task": {"title": "x"}}, 400, {"id"}),
    (
        {"op": "update", "id": "MINE", "task": {"due_timezone": "UTC"}},
        400,
        {"task": {"due_timezone"}},
    ),
    ({"op": "create", "task": {"title": "x", "tags": ["home", 5]}}, 400, {"task": {"tags"}}),
    ({"op": "complete", "id": "MINE", "task": {}}, 400, {"task"}),
    ({"op": "complete", "id": "5"}, 400, {"id"}),
    ({"op": "explode", "id": "MINE"}, 400, {"op"}),
    ({"op": "complete", "id": "MINE", "when": "now"}, 400, {"when"}),
    ({}, 400, {"op"}),
    ("complete", 400, {"non_field_errors"}),  # type: ignore[list-item]
    ({"op": "complete", "id": "THEIRS"}, 404, {"id"}),
    ({"op": "delete", "id": 2**63 - 1}, 404, {"id"}),
    ({"op": "delete", "id": "MINE", "version": 7}, 412, {"version"}),
]


@pytest.mark.parametrize(("failing", "status", "fields"), FAILING, ids=str)
def test_one_that_fails_refuses_itself_or_all(
    api: APIClient,
    alice: User,
    bob: User,
    task_of: TaskOf,
    failing: Any,
    status: int,
    fields: Any,
) -> None:
    tasks = {"MINE": task_of(alice).pk, "THEIRS": task_of(bob).pk}
    if isinstance(failing, dict) and failing.get("id") in tasks:
        failing = failing | {"id": tasks[failing["id"]]}
    good = {"op": "create", "task": {"title": "Good", "tags": ["new"]}}
    before = Event.objects.count()

    refused = _sent(api, good, failing, good)
    assert refused.status_code == 400
    errors = refused.json()["errors"]
    assert errors.keys() == {"operations"}
    assert errors["operations"].keys() == {"1"}
    assert _names(errors["operations"]["1"]) == fields
    assert (Event.objects.count(), Tag.objects.count()) == (before, 0)

    parted = _sent(api, good, failing, good, atomic=False)
    assert parted.status_code == 200, parted.content
    results = parted.json()["results"]
    assert [result["status"] for result in results] == [201, status, 201]
    assert _names(results[1]["errors"]) == fields
    assert (parted.json()["succeeded"], parted.json()["failed"]) == (2, 1)
    assert Task.objects.filter(title="Good").count() == 2


def test_a_stale_version_is_answered_with_the_task_as_it_is(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task = task_of(alice)
    answer = _sent(
        api, {"op": "update", "id": task.pk, "version": 9, "task": {"title": "x"}}, atomic=False
    )

    assert answer.json()["results"][0]["task"]["version"] == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"operations": []}, "operations"),
        ({"operations": [{"op": "delete", "id": 1}] * 501}, "operations"),
        ({"operations": {"op": "delete"}}, "operations"),
        ({}, "operations"),
        ({"operations": [{"op": "delete", "id": 1}], "atomic": "no"}, "atomic"),
        ({"operations": [{"op": "delete", "id": 1}], "when": "now"}, "when"),
    ],
    ids=lambda part: str(part)[:40],
)
def test_a_call_that_makes_no_sense_is_a_400(api: APIClient, body: Body, field: str) -> None:
    answer: Any = api.post("/api/tasks/bulk", body)

    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {field}


@pytest.mark.parametrize("atomic", [True, False])
def test_more_tags_than_a_user_may_have_refuse_all(
    api: APIClient, alice: User, monkeypatch: pytest.MonkeyPatch, atomic: bool
) -> None:
    """They are counted when all is written: no operation is to blame alone."""
    monkeypatch.setattr("tasks_app.services.naming.MOST_TAGS_A_USER", 1)
    wearing = [{"op": "create", "task": {"title": "x", "tags": [name]}} for name in ("a", "b")]

    answer = _sent(api, {"op": "create", "task": {"title": "Good"}}, *wearing, atomic=atomic)

    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"tags"})
    assert not Task.objects.exists()


def test_reminders_follow(api: APIClient, alice: User, task_of: TaskOf) -> None:
    moved, done, again = (task_of(alice, due_at=DUE) for _ in range(3))
    for task in (moved, done, again):
        api.post(f"/api/tasks/{task.pk}/reminders", {"offset_minutes": -60})

    _good(
        api,
        {"op": "update", "id": moved.pk, "task": {"due_at": "2100-01-02T09:00:00Z"}},
        {"op": "complete", "id": done.pk},
        {"op": "complete", "id": again.pk},
        {"op": "reopen", "id": again.pk},
    )

    found = {each.task_id: each for each in Reminder.objects.all()}
    assert found[moved.pk].fire_at.isoformat() == "2100-01-02T08:00:00+00:00"  # type: ignore[union-attr]
    assert [found[task.pk].state for task in (moved, done, again)] == [
        "scheduled",
        "cancelled",
        "scheduled",
    ]


@pytest.mark.parametrize("many", [4, 60])
def test_the_number_of_statements_does_not_grow(
    api: APIClient, alice: User, task_of: TaskOf, many: int
) -> None:
    ids = [task_of(alice, tags=["home"], due_at=DUE).pk for _ in range(many)]
    for pk in ids:
        api.post(f"/api/tasks/{pk}/reminders", {"offset_minutes": -60})
    operations = [
        operation
        for pk in ids
        for operation in (
            {"op": "update", "id": pk, "task": {"tags": ["a", "b"], "due_at": None}},
            {"op": "create", "task": {"title": "x", "tags": ["home", "c"]}},
        )
    ]
    operations += [{"op": "delete", "id": ids[0]}, {"op": "complete", "id": ids[1]}]

    with CaptureQueriesContext(connection) as run:
        _good(api, *operations)

    statements = [query["sql"] for query in run.captured_queries]
    assert len(statements) == 30, "\n".join(each[:200] for each in statements)


def _good(api: APIClient, *operations: Body) -> Body:
    answer = _sent(api, *operations)
    assert answer.status_code == 200, answer.content
    told: Body = answer.json()
    assert (told["succeeded"], told["failed"]) == (len(operations), 0)
    return told


def _sent(api: APIClient, *operations: Body, atomic: bool = True) -> Any:
    return api.post("/api/tasks/bulk", {"operations": operations, "atomic": atomic})


def _names(errors: Body) -> Any:
    """The names of the fields, nested as they are."""
    nested = {name: set(each) for name, each in errors.items() if isinstance(each, dict)}
    return nested or set(errors)
