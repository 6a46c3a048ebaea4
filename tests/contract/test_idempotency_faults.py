"""What goes wrong under an `Idempotency-Key` is answered as without, and leaves the key free."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Tag, Task
from tests.contract import problems
from tests.contract.test_bad_http import Address, exchange, head  # noqa: F401
from tests.waiting import wait_for
from todo_project.models import KeptAnswer
from todo_project.portability.own_file import FORMAT

pytestmark = pytest.mark.django_db(transaction=True)

KEYED: list[dict[str, Any]] = [{}, {"HTTP_IDEMPOTENCY_KEY": "one"}]
FILE = {"format": FORMAT, "tasks": [{"title": "Pay the rent", "tags": ["home"]}]}


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens there."""
    connection.close()
    with monkeypatch.context() as moved:
        moved.setitem(connection.settings_dict, "PORT", "1")
        yield
    connection.close()


@pytest.mark.parametrize("extra", KEYED, ids=["without a key", "with a key"])
def test_without_the_database_it_is_a_503(
    api: APIClient, database_away: None, extra: dict[str, Any]
) -> None:
    answer: Any = api.post("/api/tasks", {"title": "x"}, **extra)

    problems.check(answer, 503)
    assert answer["Retry-After"] == "1"


@pytest.mark.parametrize("extra", KEYED, ids=["without a key", "with a key"])
def test_an_account_that_goes_meanwhile_is_a_404(
    api: APIClient, alice: User, extra: dict[str, Any]
) -> None:
    """Only the commit finds out that there is nobody any more whom the task could belong to."""
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            User.objects.select_for_update().get()
            sent = threads.submit(_elsewhere, api, "/api/tasks", {"title": "x"}, **extra)
            wait_for(_waiting, what="the request to wait for the account")
            User.objects.all().delete()
        answer = sent.result(20)

    problems.check(answer, 404)
    assert not Task.objects.exists()
    assert not KeptAnswer.objects.exists()


def test_an_import_that_fails_in_its_stream_is_a_503_and_can_be_sent_again(
    api: APIClient, alice: User
) -> None:
    """Without a key its failure would be the last line of a 200."""
    Tag.objects.create(user=alice, name="home")
    lines: dict[str, Any] = {"HTTP_IDEMPOTENCY_KEY": "one", "HTTP_ACCEPT": "application/x-ndjson"}
    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Tag.objects.select_for_update().get()
        sent = threads.submit(_elsewhere, api, "/api/import", FILE, **lines)
        wait_for(_waiting, what="the import to wait for the tag")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_cancel_backend(%s)", [_waiting()])
        failed = sent.result(20)

    problems.check(failed, 503)
    again: Any = api.post("/api/import", FILE, **lines)
    assert json.loads(again.content.splitlines()[-1])["created"] == 1
    assert "Idempotency-Replayed" not in again


def test_a_body_that_broke_off_does_not_use_up_its_key(server: Address, head: bytes) -> None:  # noqa: F811
    body = b'{"title": "Pay the rent"}'
    keyed = head + b"Idempotency-Key: one\r\nContent-Length: %d\r\n\r\n" % len(body)

    problems.check(exchange(server, keyed, body[:-5]), 400)
    assert exchange(server, keyed, body).status_code == 201


def _elsewhere(api: APIClient, path: str, body: Any, **extra: Any) -> Any:
    """On a database connection of its own."""
    try:
        return api.post(path, body, **extra)
    finally:
        connections.close_all()


def _waiting() -> int | None:
    """The server process of whoever waits for a lock."""
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL would not show who has connected since.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database()"
        )
        row = cursor.fetchone()
    return row[0] if row else None
