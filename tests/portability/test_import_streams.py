"""An import that is watched: progress in lines, and the report, or what went wrong, as the last."""

import http.client
import json
import subprocess
from typing import Any

import psutil
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from tasks_app.models import Task
from tests.contract import problems
from tests.contract.conftest import web as web
from tests.portability.test_import_over_rest import GOOD, tasks
from tests.waiting import wait_for
from todo_project.models import KeptAnswer
from todo_project.portability import importing

pytestmark = pytest.mark.django_db(transaction=True)


def test_progress_comes_in_lines_and_the_report_last(api: APIClient) -> None:
    answer: Any = api.post(
        "/api/import",
        tasks(*[{"title": "a"}] * 1200),
        content_type="application/json",
        HTTP_ACCEPT="application/x-ndjson",
    )
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]

    assert answer["Content-Type"] == "application/x-ndjson"
    assert [line["done"] for line in lines[:-1]] == [0, 500, 1000, 1200]
    assert lines[-1]["created"] == Task.objects.count() == 1200


TOO_MANY_TAGS = tasks(
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


def test_the_document_tells_of_lines_that_are_no_report(client: Client) -> None:
    document: Any = client.get("/api/openapi", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    content = document.json()["paths"]["/api/import"]["post"]["responses"]["200"]["content"]

    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Report"}
    assert content["application/x-ndjson"]["schema"]["type"] == "string"


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


def test_a_server_that_dies_or_a_client_that_goes_leaves_nothing(
    web: tuple[subprocess.Popen[bytes], tuple[str, int]], alice: User
) -> None:
    process, address = web
    for end in (lambda line: _kill_workers(process), lambda line: line.close()):
        line = _send(address, alice, tasks(*[{"title": "a"}] * 10_000))
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
