"""Changes of tags and of the tasks that wear them at the same time."""

import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Tag, Task
from tasks_app.services import update_tag
from tests.at_once import at_once
from tests.conftest import NOW, TaskOf
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

Request = Callable[[], Any]
NAMES = ["bank", "calls", "garden", "home"]


def test_changes_of_a_users_tags_come_one_after_the_other(api: APIClient, alice: User) -> None:
    """Renames that swap two names would each wait for the name that the other gives up."""
    a, b = (Tag.objects.create(user=alice, name=name) for name in "ab")
    first_is_under_way = threading.Event()

    def first() -> None:
        with transaction.atomic():
            update_tag(tag=a, actor=alice, now=NOW, changes={"name": "c"})
            first_is_under_way.set()
            wait_for(_somebody_waits)

    def second() -> Any:
        first_is_under_way.wait(10)
        return api.patch(f"/api/tags/{b.pk}", {"name": "a"})

    _, renamed = at_once([first, second])

    assert renamed.status_code == 200
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["a", "c"]


def test_a_tag_put_on_while_it_is_renamed_is_put_on(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    """By its old name it is made anew; by either, no task and no event is left behind."""
    task_of(alice, tags=["home"])
    tag = Tag.objects.get()
    new = {"title": "New", "tags": ["home"]}

    renamed, *made = at_once(
        [lambda: api.patch(f"/api/tags/{tag.pk}", {"name": "house"})]
        + [lambda: api.post("/api/tasks", new)] * 5
    )

    assert renamed.status_code == 200
    assert [answer.status_code for answer in made] == [201] * 5
    _check_the_log(alice)
    for task in Task.objects.with_tags():
        assert task.tag_names() in (["home"], ["house"])
        assert (task.version == 2) == (task.tag_names() == ["house"])


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_tags_and_tasks_log_and_rows_agree(
    api: APIClient, alice: User, task_of: TaskOf, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same in each run
    tasks = [task_of(alice, tags=chance.sample(NAMES, 2)) for _ in range(6)]

    for _ in range(5):
        ids = list(Tag.objects.values_list("pk", flat=True))
        answers = at_once([_request(api, chance, tasks, ids) for _ in range(8)])
        codes = {answer.status_code for answer in answers}
        assert codes <= {200, 201, 204, 400, 404}, _codes(answers)
        _check_the_log(alice)


def _request(api: APIClient, chance: random.Random, tasks: list[Task], ids: list[int]) -> Request:
    task, names = chance.choice(tasks), chance.sample(NAMES, 2)
    path = f"/api/tags/{chance.choice(ids or [1])}"
    bulk = [
        {"op": "update", "id": each.pk, "task": {"tags": chance.sample(NAMES, 2)}}
        for each in chance.sample(tasks, 3)
    ]
    possible: list[Request] = [
        partial(api.patch, path, {"name": names[0]}),
        partial(api.delete, path),
        partial(api.post, f"{path}/merge", {"into": chance.choice(ids or [1])}),
        partial(api.patch, f"/api/tasks/{task.pk}", {"tags": names}),
        partial(api.post, "/api/tasks", {"title": "New", "tags": [*names, f"{chance.random()}"]}),
        partial(api.post, f"/api/tasks/{task.pk}/complete"),
        partial(api.delete, f"/api/tasks/{task.pk}"),
        partial(api.post, "/api/tasks/bulk", {"operations": bulk, "atomic": False}),
    ]
    return chance.choices(possible, weights=[3, 1, 2, 3, 2, 1, 0.3, 2])[0]


def _check_the_log(owner: User) -> None:
    """The last event of each row tells of it as it is, and no version is told of twice or not."""
    for task in Task.objects.with_tags():
        told = Event.objects.filter(aggregatetype="task", aggregateid=str(task.pk))
        versions = [event.payload["version"] for event in told.order_by("seq")]
        assert versions == list(range(1, task.version + 1))
        assert told.latest("seq").payload["tags"] == task.tag_names()
    names: dict[int, str] = {}
    for event in Event.objects.filter(aggregatetype="tag").order_by("seq"):
        names[event.payload["tag_id"]] = event.payload["name"]
        if event.type in ("tag.deleted.v1", "tag.merged.v1"):
            del names[event.payload["tag_id"]]
    assert names == dict(Tag.objects.filter(user=owner).values_list("pk", "name"))


def _codes(answers: list[Any]) -> list[Any]:
    return [(answer.status_code, answer.content) for answer in answers]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
        )
        return bool(cursor.rowcount)
