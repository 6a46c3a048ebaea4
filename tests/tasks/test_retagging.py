"""What a change of a tag does to the tasks that wear it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Tag, Task
from tasks_app.services import create_tasks, wearers
from tests.conftest import NOW, TaskOf

pytestmark = pytest.mark.django_db

Send = Callable[[APIClient, str, int], Any]
CHANGES: dict[str, tuple[Send, str, list[str]]] = {
    "rename": (
        lambda api, path, _: api.patch(path, {"name": "house"}),
        "tag.updated.v1",
        ["bank", "house"],
    ),
    "delete": (lambda api, path, _: api.delete(path), "tag.deleted.v1", ["bank"]),
    "merge": (
        lambda api, path, other: api.post(f"{path}/merge", {"into": other}),
        "tag.merged.v1",
        ["bank", "garden"],
    ),
}

COST = {"rename": 13, "delete": 13, "merge": 15}  # statements


@pytest.fixture
def tag(alice: User) -> Tag:
    return Tag.objects.create(user=alice, name="home", color="#33aa66")


@pytest.fixture
def garden(alice: User) -> Tag:
    return Tag.objects.create(user=alice, name="garden")


def test_a_tag_that_a_task_names_first_has_an_event_before_the_tasks(
    api: APIClient, alice: User
) -> None:
    for _ in range(2):
        api.post("/api/tasks", {"title": "x", "tags": ["home"]})

    assert _log() == ["tag.created.v1", "task.created.v1", "task.created.v1"]
    made = Event.objects.get(type="tag.created.v1")
    assert (made.payload["name"], made.user_id, made.actor_id) == ("home", alice.pk, alice.pk)
    assert made.aggregateid == str(Tag.objects.get().pk)


@pytest.mark.parametrize("change", CHANGES)
def test_every_task_that_wears_it_is_a_new_version_with_its_event(
    api: APIClient, alice: User, task_of: TaskOf, tag: Tag, garden: Tag, change: str
) -> None:
    worn = [
        task_of(alice, tags=["home", "bank"], status=status) for status in ("pending", "completed")
    ]
    other = task_of(alice, tags=["bank"])
    before = Event.objects.count()
    send, recorded, names = CHANGES[change]

    answer = send(api, f"/api/tags/{tag.pk}", garden.pk)

    assert answer.status_code < 300, answer.content
    for task in worn:
        read: Any = api.get(f"/api/tasks/{task.pk}")
        assert (read.json()["tags"], read.json()["version"]) == (names, 2)
        assert read["ETag"] == '"2"'
        assert read.json()["updated_at"] > read.json()["created_at"]
    assert Task.objects.get(pk=other.pk).version == 1
    assert _log()[before:] == [recorded, "task.updated.v1", "task.updated.v1"]
    for event, task in zip(Event.objects.order_by("seq")[before + 1 :], worn, strict=True):
        assert (event.aggregateid, event.user_id) == (str(task.pk), alice.pk)
        assert event.payload["changed"] == ["tags"]
        assert (event.payload["tags"], event.payload["version"]) == (names, 2)


def test_a_task_that_wears_both_merged_tags_wears_the_other_once(
    api: APIClient, alice: User, task_of: TaskOf, tag: Tag, garden: Tag
) -> None:
    task = task_of(alice, tags=["home", "garden"])

    answer: Any = api.post(f"/api/tags/{tag.pk}/merge", {"into": garden.pk})

    assert (answer.json()["id"], answer.json()["tasks"]) == (garden.pk, 1)
    assert (answer.json()["version"], answer["ETag"]) == (1, '"1"')
    assert Task.objects.get(pk=task.pk).tag_names() == ["garden"]
    assert list(Tag.objects.all()) == [garden]
    merged = Event.objects.get(type="tag.merged.v1").payload
    assert (merged["tag_id"], merged["name"]) == (tag.pk, "home")
    assert (merged["into_tag_id"], merged["into_name"]) == (garden.pk, "garden")


def test_a_new_colour_leaves_the_tasks_as_they_are(
    api: APIClient, alice: User, task_of: TaskOf, tag: Tag
) -> None:
    task_of(alice, tags=["home"])

    answer: Any = api.patch(f"/api/tags/{tag.pk}", {"color": "#000000"})

    assert answer.json()["version"] == 2
    assert Task.objects.get().version == 1
    assert Event.objects.latest("seq").payload["changed"] == ["color"]


@pytest.mark.parametrize("same", [{}, {"name": "home"}, {"color": "#33AA66"}])
def test_a_change_without_a_difference_records_nothing(
    api: APIClient, tag: Tag, same: dict[str, str]
) -> None:
    answer: Any = api.put(f"/api/tags/{tag.pk}", same)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert _log() == []


def test_upper_and_lower_case_are_two_names(api: APIClient, alice: User, tag: Tag) -> None:
    answer: Any = api.post("/api/tags", {"name": "Home"})
    assert answer.status_code == 201
    renamed: Any = api.patch(f"/api/tags/{tag.pk}", {"name": "HOME"})
    assert renamed.json()["name"] == "HOME"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("tasks", [1, 300])
def test_a_change_costs_the_same_however_many_tasks_wear_it(
    api: APIClient, alice: User, tag: Tag, garden: Tag, change: str, tasks: int
) -> None:
    drafts = [{"title": "x", "tags": ["home", "bank"]} for _ in range(tasks)]
    create_tasks(owner=alice, actor=alice, now=NOW, drafts=drafts)

    with CaptureQueriesContext(connection) as run:
        answer = CHANGES[change][0](api, f"/api/tags/{tag.pk}", garden.pk)

    assert answer.status_code < 300, answer.content
    assert Event.objects.filter(type="task.updated.v1").count() == tasks
    statements = [one["sql"] for one in run if "SAVEPOINT" not in one["sql"]]
    assert len(statements) == COST[change], "\n".join(statements)


@pytest.mark.parametrize("change", CHANGES)
def test_many_tasks_are_read_and_told_in_parts(
    api: APIClient,
    alice: User,
    tag: Tag,
    garden: Tag,
    change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wearers, "BATCH", 2)
    drafts = [{"title": "x", "tags": ["home", "bank"]} for _ in range(5)]
    tasks = create_tasks(owner=alice, actor=alice, now=NOW, drafts=drafts)

    with CaptureQueriesContext(connection) as run:
        CHANGES[change][0](api, f"/api/tags/{tag.pk}", garden.pk)

    statements = [one["sql"] for one in run if "SAVEPOINT" not in one["sql"]]
    assert len(statements) == COST[change] + 2 * 4, "\n".join(statements)
    told = Event.objects.filter(type="task.updated.v1").order_by("seq")
    assert [int(event.aggregateid) for event in told] == [task.pk for task in tasks]
    assert all(event.payload["tags"] == CHANGES[change][2] for event in told)


def _log() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("type", flat=True))
