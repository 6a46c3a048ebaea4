"""`POST /api/import`: what is wrong is told, and then nothing is kept."""

import http.client
import io
import json
import subprocess
import zipfile
from collections.abc import Iterator
from typing import Any

import psutil
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.contract import problems
from tests.contract.conftest import web as web
from tests.portability.conftest import everything
from tests.portability.test_import_ics import calendar
from tests.waiting import wait_for
from todo_project.models import KeptAnswer
from todo_project.portability import importing
from todo_project.portability.own_file import FORMAT

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
GOOD = json.dumps({"format": FORMAT, "tasks": [{"title": "Fine"}]}).encode()


def _zip(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def _tasks(*tasks: Any) -> bytes:
    return json.dumps({"format": FORMAT, "tasks": tasks}).encode()


@pytest.fixture
def nothing_kept(api: APIClient) -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "no calendar": ("text/calendar", b"hello", "not an iCalendar file"),
    "a fault in an entry": ("text/calendar", calendar("SUMMARY:a", "PRIORITY:10"), "line 7"),
    "no JSON": ("application/json", b"{", "not JSON"),
    "other JSON": ("application/json", b'{"tasks": []}', "not our JSON"),
    "too deep": ("application/json", b"[" * 5000 + b"]" * 5000, "not"),
    "no tasks": ("application/json", b'{"format": "' + FORMAT.encode() + b'"}', "tasks"),
    "a task that is none": ("application/json", _tasks({"title": "a"}, 5), "tasks[1]"),
    "a bad entry of a list": ("application/json", _tasks({"title": "a", "tags": [5]}), '{"0":'),
    "a bad field": ("application/json", _tasks({"title": ""}), "title"),
    "an unknown field": ("application/json", _tasks({"title": "a", "x": 1}), "no such field"),
    "a due time of both kinds": (
        "application/json",
        _tasks({"title": "a", "due_date": "2026-03-01", "due_at": "2026-03-01T09:00:00Z"}),
        "not both",
    ),
    "completed, and open": (
        "application/json",
        _tasks({"title": "a", "completed_at": "2026-03-01T09:00:00Z"}),
        "completed_at",
    ),
    "too many tasks": ("application/json", _tasks(*[{"title": "a"}] * 10_001), "than 10,000 tasks"),
    "completed before 1900": (
        "application/json",
        _tasks({"title": "a", "status": "completed", "completed_at": "0001-01-01T00:00:00Z"}),
        "between 1900-01-01",
    ),
    "completed after 2200": (
        "application/json",
        _tasks({"title": "a", "status": "completed", "completed_at": "9999-12-31T23:59:59Z"}),
        "between 1900-01-01",
    ),
    "no archive": ("application/zip", b"PK hello", "can't be read"),
    "half an archive": ("application/zip", _zip(("tasks-0001.json", GOOD))[:-40], "can't be read"),
    "a damaged archive": (
        "application/zip",
        _zip(("tasks-0001.json", GOOD * 9)).replace(b"\x0b", b"\x0c"),
        "",
    ),
    "an archive of other things": ("application/zip", _zip(("x.json", GOOD)), "no tasks-0001"),
    "a bomb": (
        "application/zip",
        _zip(("tasks-0001.json", b" " * 51 * MIB)),
        "more than 10,485,760 bytes",
    ),
    "a path": ("application/zip", _zip(("../tasks-0001.json", GOOD)), "no tasks-0001"),
    "many files": (
        "application/zip",
        _zip(*((f"tasks-{number}.json", GOOD) for number in range(51))),
        "more than 50 files",
    ),
    "a fault in the second file": (
        "application/zip",
        _zip(("tasks-1.json", GOOD), ("tasks-2.json", _tasks({"title": ""}))),
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


def test_progress_comes_in_lines_and_the_report_last(api: APIClient) -> None:
    answer: Any = api.post(
        "/api/import",
        _tasks(*[{"title": "a"}] * 1200),
        content_type="application/json",
        HTTP_ACCEPT="application/x-ndjson",
    )
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    assert answer["Content-Type"] == "application/x-ndjson"
    assert [line["done"] for line in lines[:-1]] == [0, 500, 1000, 1200]
    assert lines[-1]["created"] == Task.objects.count() == 1200


TOO_MANY_TAGS = _tasks(
    *({"title": "a", "tags": [f"{task}-{tag}" for tag in range(50)]} for task in range(101))
)


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ACCEPT": "application/x-ndjson"},
        {"HTTP_ACCEPT": "application/x-ndjson", "HTTP_IDEMPOTENCY_KEY": "one"},
    ],
)
def test_what_the_rules_refuse_is_a_400_however_it_is_asked(
    api: APIClient, headers: dict[str, str]
) -> None:
    send: Any = api.post
    answer = send("/api/import", TOO_MANY_TAGS, content_type="application/json", **headers)
    problem = problems.check(answer, 400, "tags")
    assert "5,000 tags" in problem["errors"]["tags"][0]
    KeptAnswer.objects.all().delete()


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize(
    ("fault", "status"), [(ValidationError({"tags": "too many"}), 400), (ZeroDivisionError(), 500)]
)
def test_a_fault_in_a_stream_is_its_last_line(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def fail(**_: Any) -> None:
        raise fault

    monkeypatch.setattr(importing, "create_tasks", fail)
    answer: Any = api.post(
        "/api/import", GOOD, content_type="application/json", HTTP_ACCEPT="application/x-ndjson"
    )
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    assert lines[0] == {"done": 0, "total": 1}
    assert lines[-1]["status"] == status
    assert len(lines) == 2


def test_what_a_new_task_cannot_have_is_left_out_and_counted(api: APIClient) -> None:
    source = _tasks({"title": "a", "id": 7, "occurrence": "2026-03-01", "notified": True})

    answer: Any = api.post("/api/import", source, content_type="application/json")
    assert answer.json()["not_understood"] == {"notified": 1, "occurrence": 1}


def test_the_document_tells_of_lines_that_are_no_report(client: Client) -> None:
    document: Any = client.get("/api/openapi", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    content = document.json()["paths"]["/api/import"]["post"]["responses"]["200"]["content"]

    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Report"}
    assert content["application/x-ndjson"]["schema"]["type"] == "string"


def test_only_the_uids_of_the_file_are_looked_for(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    for number in range(3):
        task_of(alice, calendar_uid=f"mine-{number}")
    with CaptureQueriesContext(connection) as queries:
        source = _tasks({"title": "a", "uid": "other"})
        api.post("/api/import", source, content_type="application/json")

    looked = [each["sql"] for each in queries if 'FROM "tasks_app_task"' in each["sql"]]
    assert looked
    assert all("'other'" in sql for sql in looked)


def test_a_key_makes_a_stream_one_answer(api: APIClient) -> None:
    def send() -> Any:
        return api.post(
            "/api/import",
            GOOD,
            content_type="application/json",
            HTTP_ACCEPT="application/x-ndjson",
            HTTP_IDEMPOTENCY_KEY="one",
        )

    first = send()
    assert json.loads(first.content)["created"] == 1
    assert send().content == first.content
    assert Task.objects.count() == 1


def test_a_large_import_is_a_few_statements(api: APIClient, alice: User) -> None:
    source = _tasks(*[{"title": f"Task {number}", "tags": ["a"]} for number in range(5000)])

    answer: Any = api.post("/api/import", source, content_type="application/json")

    assert answer.json()["created"] == Task.objects.count() == 5000
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event_log WHERE type = 'task.created.v1'")
        assert cursor.fetchone()[0] == 5000


def test_a_server_that_dies_or_a_client_that_goes_leaves_nothing(
    web: tuple[subprocess.Popen[bytes], tuple[str, int]], alice: User
) -> None:
    process, address = web
    for end in (lambda line: _kill_workers(process), lambda line: line.close()):
        line = _send(address, alice, _tasks(*[{"title": "a"}] * 10_000))
        assert json.loads(line.getresponse().readline())["total"] == 10_000
        end(line)
        wait_for(_nobody_writes, what="the transaction to end")
        assert not Task.objects.exists()


def _send(address: tuple[str, int], user: User, source: bytes) -> http.client.HTTPConnection:
    line = http.client.HTTPConnection(*address, timeout=30)
    headers = {
        "Authorization": f"Bearer {RefreshToken.for_user(user).access_token}",
        "Content-Type": "application/json",
        "Accept": "application/x-ndjson",
    }
    line.request("POST", "/api/import", source, headers)
    return line


def _kill_workers(process: subprocess.Popen[bytes]) -> None:
    for worker in psutil.Process(process.pid).children():
        worker.kill()


def _nobody_writes() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0] == 0)
