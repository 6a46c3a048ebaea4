"""An export is in files of the size that an import takes, however large it is."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tasks_app.services import create_tasks
from tests.conftest import NOW
from todo_project.portability import exporting, own_file

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = 25_000  # bytes, in place of 10 MiB


@pytest.fixture
def tasks(alice: User) -> int:
    long = {"description": "ü" * 3_000}
    drafts = [{"title": f"Task {number}", **long} for number in range(11)]
    create_tasks(owner=alice, actor=alice, now=NOW, drafts=drafts)
    return len(drafts)


def _parts(api: APIClient) -> tuple[bytes, list[bytes]]:
    answer: Any = api.get("/api/export")
    whole = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = [name for name in archive.namelist() if name.startswith("tasks-")]
        return whole, [archive.read(name) for name in sorted(names)]


def test_files_are_split_by_bytes_and_come_back(
    api: APIClient,
    bob: User,
    api_of: Callable[[User], APIClient],
    tasks: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_file, "LARGEST", ROOM)
    whole, parts = _parts(api)

    assert [len(orjson.loads(part)["tasks"]) for part in parts] == [3, 3, 3, 2]
    assert all(len(part) <= ROOM for part in parts)
    answer: Any = api_of(bob).post("/api/import", whole, content_type="application/zip")
    assert answer.json()["created"] == Task.objects.filter(user=bob).count() == tasks


def test_files_are_split_by_tasks(
    api: APIClient, tasks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ENTRIES", 5)
    _, parts = _parts(api)

    assert [len(orjson.loads(part)["tasks"]) for part in parts] == [5, 5, 1]


def test_a_task_that_is_larger_than_a_file_has_one_of_its_own(
    api: APIClient, tasks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_file, "LARGEST", 100)
    _, parts = _parts(api)

    assert [len(orjson.loads(part)["tasks"]) for part in parts] == [1] * tasks


def test_without_tasks_there_is_a_file_of_none(api: APIClient) -> None:
    _, (part,) = _parts(api)

    assert orjson.loads(part)["tasks"] == []
