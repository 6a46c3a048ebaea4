"""A POST with an Idempotency-Key is done once, however often it is sent."""

import http.client
import json
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import psutil
import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Tag, Task
from tests.conftest import TaskOf
from tests.contract import problems
from tests.waiting import wait_for
from todo_project.idempotency import forget_answers
from todo_project.models import KeptAnswer

pytestmark = pytest.mark.django_db(transaction=True)

BODY = {"title": "Pay the rent", "tags": ["home"]}


def _post(api: APIClient, path: str = "/api/tasks", body: Any = BODY, key: str = "one") -> Any:
    return api.post(path, body, HTTP_IDEMPOTENCY_KEY=key)


def test_a_repeated_post_gets_the_first_answer(api: APIClient) -> None:
    first, again = _post(api), _post(api)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["ETag"], again["Content-Type"]) == (first["ETag"], first["Content-Type"])
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Task.objects.count() == 1
    assert Event.objects.filter(type="task.created.v1").count() == 1


def test_a_refusal_is_an_answer_too(api: APIClient) -> None:
    first, again = _post(api, body={"title": ""}), _post(api, body={"title": ""})

    problems.check(first, 400, "title")
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")


@pytest.mark.parametrize(
    ("path", "body"),
    [("/api/tasks", {"title": "Other"}), ("/api/tasks/bulk", BODY), ("/api/tasks?x=1", BODY)],
)
def test_a_key_used_for_something_else_is_a_422(api: APIClient, path: str, body: Any) -> None:
    _post(api)

    problems.check(_post(api, path, body), 422)
    assert Task.objects.count() == 1


def test_keys_of_two_users_are_two_keys(
    api: APIClient, bob: User, api_of: Callable[[User], APIClient]
) -> None:
    assert _post(api).json()["id"] != _post(api_of(bob)).json()["id"]


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "two words", "Schlüssel", "\t"])
def test_a_key_that_is_none_is_a_400_that_names_the_header(api: APIClient, key: str) -> None:
    problems.check(_post(api, key=key), 400, "Idempotency-Key")
    assert not Task.objects.exists()


def test_of_many_at_once_one_runs_and_the_others_get_its_answer(api: APIClient) -> None:
    start = threading.Barrier(6)

    def send(api: APIClient) -> Any:
        start.wait(10)
        return _post(api)

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(partial(_elsewhere, send), [api] * 6))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Task.objects.count() == 1


def test_a_second_does_not_wait_for_ever(api: APIClient, alice: User) -> None:
    """The first is held up by a lock that somebody has on its tag."""
    Tag.objects.create(user=alice, name="home")
    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():
            Tag.objects.select_for_update().get()
            first = threads.submit(_elsewhere, _post, api)
            wait_for(_somebody_waits, what="the first to wait for the tag")
            second = threads.submit(_elsewhere, _post, api).result(20)
        answer = first.result(20)

    problems.check(second, 409)
    assert second["Retry-After"] == "1"
    assert (answer.status_code, _post(api).content) == (201, answer.content)
    assert Task.objects.count() == 1


def test_a_key_without_an_account_keeps_its_answer_secret(alice: User) -> None:
    body = {"email": alice.email, "password": "alice's own words"}
    first, again = (_post(APIClient(), "/api/auth/token", body) for _ in range(2))

    assert first.status_code == 200
    assert again.json() == first.json()
    kept = bytes(KeptAnswer.objects.get().answer)
    assert first.json()["access"].encode() not in kept
    assert KeptAnswer.objects.get().user is None


def test_a_refused_sign_in_leaves_the_key_free(alice: User) -> None:
    wrong = {"email": alice.email, "password": "not hers at all"}
    problems.check(_post(APIClient(), "/api/auth/token", wrong), 401)

    right = {"email": alice.email, "password": "alice's own words"}
    assert _post(APIClient(), "/api/auth/token", right).status_code == 200


def test_a_bad_token_is_a_401_and_leaves_the_key_free(api: APIClient, alice: User) -> None:
    stranger = APIClient()
    stranger.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    problems.check(_post(stranger), 401)

    assert not KeptAnswer.objects.exists()
    assert _post(api).status_code == 201


def test_answers_are_forgotten_in_time(api: APIClient) -> None:
    _post(api, key="old")
    KeptAnswer.objects.update(created_at=KeptAnswer.objects.get().created_at - timedelta(hours=25))
    _post(api, key="new")

    forget_answers(batch=1)

    assert KeptAnswer.objects.count() == 1
    assert "Idempotency-Replayed" in _post(api, key="new")
    assert "Idempotency-Replayed" not in _post(api, key="old")


def test_a_request_without_a_key_costs_nothing_more(api: APIClient) -> None:
    with CaptureQueriesContext(connection) as run:
        api.post("/api/tasks", {"title": "x"})

    assert not any("keptanswer" in query["sql"] for query in run.captured_queries)


def test_the_key_of_another_method_is_not_looked_at(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    path = f"/api/tasks/{task_of(alice).pk}"
    answer: Any = api.patch(path, {"title": "New"}, HTTP_IDEMPOTENCY_KEY="one")

    assert answer.status_code == 200
    assert not KeptAnswer.objects.exists()


def test_a_server_that_dies_in_between_leaves_all_or_nothing(
    web: tuple[subprocess.Popen[bytes], tuple[str, int]], alice: User
) -> None:
    """It is killed when the task is written and nothing committed; the client tries again."""
    process, address = web
    Tag.objects.create(user=alice, name="home")
    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Tag.objects.select_for_update().get()
        first = threads.submit(_over_the_wire, address, alice)
        wait_for(_somebody_waits, seconds=40, what="the request to wait for the tag")
        for worker in psutil.Process(process.pid).children():
            worker.kill()
        with pytest.raises((OSError, http.client.HTTPException)):
            first.result(30)
    assert not Task.objects.exists()

    assert _over_the_wire(address, alice) == 201
    assert _over_the_wire(address, alice) == 201
    assert Task.objects.count() == 1


def _over_the_wire(address: tuple[str, int], user: User) -> int:
    line = http.client.HTTPConnection(*address, timeout=60)
    headers = {
        "Authorization": f"Bearer {RefreshToken.for_user(user).access_token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "one",
    }
    line.request("POST", "/api/tasks", json.dumps(BODY), headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status


def _elsewhere(send: Callable[[APIClient], Any], api: APIClient) -> Any:
    """On a database connection of its own."""
    try:
        return send(api)
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        # Within a transaction PostgreSQL would not show who has connected since.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE NOT l.granted AND a.datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
