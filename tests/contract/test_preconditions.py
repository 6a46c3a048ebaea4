"""A write that names a version is made to that version, or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.contract import problems

pytestmark = pytest.mark.django_db

Send = Callable[..., Any]
WRITES: dict[str, Callable[[APIClient, str], Send]] = {
    "PUT": lambda api, path: lambda **tag: api.put(path, {"title": "New"}, **tag),
    "PATCH": lambda api, path: lambda **tag: api.patch(path, {"title": "New"}, **tag),
    "PATCH that changes nothing": lambda api, path: lambda **tag: api.patch(path, {}, **tag),
    "DELETE": lambda api, path: lambda **tag: api.delete(path, **tag),
    "complete": lambda api, path: lambda **tag: api.post(f"{path}/complete", **tag),
    "reopen": lambda api, path: lambda **tag: api.post(f"{path}/reopen", **tag),
    "cancel": lambda api, path: lambda **tag: api.post(f"{path}/cancel", **tag),
}


@pytest.fixture
def task(alice: User, task_of: TaskOf) -> Task:
    return task_of(alice, tags=["home"])


@pytest.fixture
def path(task: Task) -> str:
    return f"/api/tasks/{task.pk}"


def test_every_answer_with_a_task_has_its_tag(api: APIClient, path: str) -> None:
    made: Any = api.post("/api/tasks", {"title": "New"})
    read: Any = api.get(path)
    changed: Any = api.patch(path, {"title": "New"})
    done: Any = api.post(f"{path}/complete")

    assert [answer["ETag"] for answer in (made, read, changed, done)] == [
        '"1"',
        '"1"',
        '"2"',
        '"3"',
    ]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    "tag", ['"2"', '"x"', 'W/"1"', '"2", "3"', '""', '"01"', '"' + "9" * 5000 + '"']
)
def test_a_write_to_another_version_is_a_412_that_shows_the_present(
    api: APIClient, task: Task, path: str, write: str, tag: str
) -> None:
    answer = WRITES[write](api, path)(HTTP_IF_MATCH=tag)

    problem = problems.check(answer, 412)
    assert (problem["version"], answer["ETag"]) == (1, '"1"')
    read: Any = api.get(path)
    assert problem["current"] == read.json()
    assert Event.objects.filter(aggregatetype="task").count() == 1


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("tag", ['"1"', '"7", "1"', "*"])
def test_a_write_to_the_present_version_is_made(
    api: APIClient, path: str, write: str, tag: str
) -> None:
    assert WRITES[write](api, path)(HTTP_IF_MATCH=tag).status_code in (200, 204)


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("tag", ["1", "one", "", '"1', "'1'"])
def test_what_is_no_tag_is_a_400_that_names_the_header(
    api: APIClient, path: str, write: str, tag: str
) -> None:
    problems.check(WRITES[write](api, path)(HTTP_IF_MATCH=tag), 400, "If-Match")


def test_somebody_elses_task_is_a_404_whatever_its_version(
    bob: User, api_of: Callable[[User], APIClient], path: str
) -> None:
    answer: Any = api_of(bob).patch(path, {"title": "New"}, HTTP_IF_MATCH='"9"')

    problems.check(answer, 404)


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', '"7", "1"', "*"])
def test_a_reader_is_told_that_what_it_has_is_still_true(
    api: APIClient, path: str, tag: str
) -> None:
    known: Any = api.get(path, HTTP_IF_NONE_MATCH=tag)
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", '"1"')

    api.patch(path, {"title": "New"})
    read: Any = api.get(path, HTTP_IF_NONE_MATCH='"1"')
    assert (read.status_code, read["ETag"]) == (200, '"2"')


@pytest.mark.parametrize("tag", ['"2"', '"01"'])
def test_a_reader_who_wants_one_version_gets_no_other(
    api: APIClient, alice: User, path: str, tag: str
) -> None:
    label = f"/api/tags/{alice.tags.get().pk}"
    for place in (path, label):
        assert problems.check(api.get(place, HTTP_IF_MATCH=tag), 412)["version"] == 1
        assert api.get(place, HTTP_IF_MATCH='"1"').status_code == 200


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(("tag", "is_made"), [("*", False), ('"7", W/"1"', False), ('"7"', True)])
def test_what_must_not_be_there_is_not_written(
    api: APIClient, path: str, write: str, tag: str, is_made: bool
) -> None:
    answer = WRITES[write](api, path)(HTTP_IF_NONE_MATCH=tag)

    if is_made:
        assert answer.status_code in (200, 204)
    else:
        problems.check(answer, 412)
