"""`POST /api/import`: what is wrong is told, and then nothing is kept."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.contract import problems
from tests.portability.test_import_ics import calendar
from todo_project.portability.own_file import FORMAT

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
GOOD = json.dumps({"format": FORMAT, "tasks": [{"title": "Fine"}]}).encode()


def packed(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def tasks(*each: Any) -> bytes:
    return json.dumps({"format": FORMAT, "tasks": each}).encode()


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "no calendar": ("text/calendar", b"hello", "not an iCalendar file"),
    "a fault in an entry": ("text/calendar", calendar("SUMMARY:a", "PRIORITY:10"), "line 7"),
    "no JSON": ("application/json", b"{", "not JSON"),
    "other JSON": ("application/json", b'{"tasks": []}', "not our JSON"),
    "too deep": ("application/json", b"[" * 5000 + b"]" * 5000, "not"),
    "no tasks": ("application/json", b'{"format": "' + FORMAT.encode() + b'"}', "tasks"),
    "a task that is none": ("application/json", tasks({"title": "a"}, 5), "tasks[1]"),
    "a bad entry of a list": ("application/json", tasks({"title": "a", "tags": [5]}), '{"0":'),
    "a bad field": ("application/json", tasks({"title": ""}), "title"),
    "an unknown field": ("application/json", tasks({"title": "a", "x": 1}), "no such field"),
    "a due time of both kinds": (
        "application/json",
        tasks({"title": "a", "due_date": "2026-03-01", "due_at": "2026-03-01T09:00:00Z"}),
        "not both",
    ),
    "completed, and open": (
        "application/json",
        tasks({"title": "a", "completed_at": "2026-03-01T09:00:00Z"}),
        "completed_at",
    ),
    "too many tasks": ("application/json", tasks(*[{"title": "a"}] * 10_001), "than 10,000 tasks"),
    "completed before 1900": (
        "application/json",
        tasks({"title": "a", "status": "completed", "completed_at": "0001-01-01T00:00:00Z"}),
        "between 1900-01-01",
    ),
    "completed after 2200": (
        "application/json",
        tasks({"title": "a", "status": "completed", "completed_at": "9999-12-31T23:59:59Z"}),
        "between 1900-01-01",
    ),
    "no archive": ("application/zip", b"PK hello", "can't be read"),
    "half an archive": (
        "application/zip",
        packed(("tasks-0001.json", GOOD))[:-40],
        "can't be read",
    ),
    "a damaged archive": (
        "application/zip",
        packed(("tasks-0001.json", GOOD * 9)).replace(b"\x0b", b"\x0c"),
        "",
    ),
    "an archive of other things": ("application/zip", packed(("x.json", GOOD)), "no tasks-0001"),
    "a bomb": (
        "application/zip",
        packed(("tasks-0001.json", b" " * 51 * MIB)),
        "more than 10,485,760 bytes",
    ),
    "a path": ("application/zip", packed(("../tasks-0001.json", GOOD)), "no tasks-0001"),
    "many files": (
        "application/zip",
        packed(*((f"tasks-{number}.json", GOOD) for number in range(51))),
        "more than 50 files",
    ),
    "a fault in the second file": (
        "application/zip",
        packed(("tasks-1.json", GOOD), ("tasks-2.json", tasks({"title": ""}))),
        "tasks-2.json: tasks[0]",
    ),
}


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_nothing(api: APIClient, name: str) -> None:
    kind, source, told = REFUSED[name]

    problem = problems.check(api.post("/api/import", source, content_type=kind), 400, "file")
    assert told in "\n".join(problem["errors"]["file"])


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("kind", "size"), [("text/calendar", 5 * MIB), ("application/json", 10 * MIB)]
)
def test_a_file_that_is_too_large_is_a_413(api: APIClient, kind: str, size: int) -> None:
    problems.check(api.post("/api/import", b"x" * (size + 1), content_type=kind), 413)


@pytest.mark.usefixtures("nothing_kept")
def test_other_kinds_and_parameters_are_refused(api: APIClient) -> None:
    problems.check(api.post("/api/import", b"x", content_type="text/plain"), 415)
    for query in ("dry_run=yes", "duplicates=maybe", "user=bob"):
        answer: Any = api.post(f"/api/import?{query}", GOOD, content_type="application/json")
        problems.check(answer, 400, query.partition("=")[0])


def test_what_a_new_task_cannot_have_is_left_out_and_counted(api: APIClient) -> None:
    source = tasks({"title": "a", "id": 7, "occurrence": "2026-03-01", "notified": True})

    answer: Any = api.post("/api/import", source, content_type="application/json")
    assert answer.json()["not_understood"] == {"notified": 1, "occurrence": 1}


def test_only_the_uids_of_the_file_are_looked_for(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    for number in range(3):
        task_of(alice, calendar_uid=f"mine-{number}")
    with CaptureQueriesContext(connection) as queries:
        source = tasks({"title": "a", "uid": "other"})
        api.post("/api/import", source, content_type="application/json")

    looked = [each["sql"] for each in queries if 'FROM "tasks_app_task"' in each["sql"]]
    assert looked
    assert all("'other'" in sql for sql in looked)


def test_a_large_import_is_a_few_statements(api: APIClient, alice: User) -> None:
    source = tasks(*[{"title": f"Task {number}", "tags": ["a"]} for number in range(5000)])

    answer: Any = api.post("/api/import", source, content_type="application/json")

    assert answer.json()["created"] == Task.objects.count() == 5000
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event_log WHERE type = 'task.created.v1'")
        assert cursor.fetchone()[0] == 5000
