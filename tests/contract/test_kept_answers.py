"""What is kept of an answer under an `Idempotency-Key`: for whom, how much, and how secret."""

import hashlib
from typing import Any

import orjson
import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tests.contract import problems
from todo_project.models import KeptAnswer

pytestmark = pytest.mark.django_db(transaction=True)

SIGN_IN = {"email": "alice@example.com", "password": "alice's own words"}


def _post(api: APIClient, path: str, body: Any, key: str = "one", **extra: Any) -> Any:
    return api.post(path, body, HTTP_IDEMPOTENCY_KEY=key, **extra)


def test_a_repeated_change_of_the_password_gets_the_first_answer(api: APIClient) -> None:
    """Though it has ended the token that it was sent with."""
    words = {"current": "alice's own words", "new": "alice's other words"}
    first, again = (_post(api, "/api/auth/password", words) for _ in range(2))

    assert (first.status_code, again.status_code) == (204, 204)
    assert again["Idempotency-Replayed"] == "true"
    problems.check(_post(api, "/api/auth/password", words, key="two"), 401)


def test_strangers_at_two_addresses_may_choose_the_same_key(db: None) -> None:
    made = [
        _post(
            APIClient(),
            "/api/auth/register",
            {"email": f"{name}@example.com", "password": f"{name}'s own words"},
            REMOTE_ADDR=address,
        )
        for name, address in (("carol", "192.0.2.1"), ("dave", "192.0.2.2"))
    ]

    assert [answer.status_code for answer in made] == [201, 201]


def test_the_table_does_not_help_to_guess_a_password(alice: User) -> None:
    for key in ("one", "two"):
        assert _post(APIClient(), "/api/auth/token", SIGN_IN, key=key).status_code == 200

    request = b"\n".join([b"/api/auth/token", b"application/json", orjson.dumps(SIGN_IN)])
    digests = {bytes(kept.request_digest) for kept in KeptAnswer.objects.all()}
    assert len(digests) == 2
    assert hashlib.sha256(request).digest() not in digests


def test_under_another_secret_an_answer_is_lost_and_nothing_done_twice(
    api: APIClient, settings: LazySettings
) -> None:
    _post(api, "/api/tasks", {"title": "x"})
    settings.SECRET_KEY = "another one, of at least 32 characters"

    problem = problems.check(_post(api, "/api/tasks", {"title": "x"}), 422)
    assert "can't be read" in problem["detail"]
    assert Task.objects.count() == 1


def test_what_repeats_itself_takes_little_room(api: APIClient) -> None:
    _post(api, "/api/tasks", {"title": "x", "description": "again " * 1500})

    assert len(bytes(KeptAnswer.objects.get().answer)) < 1000
    again = _post(api, "/api/tasks", {"title": "x", "description": "again " * 1500})
    assert again.json()["description"].count("again") == 1500


def test_an_answer_too_large_to_keep_is_a_422_and_nothing_is_done(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("todo_project.kept_answers.LARGEST", 100)

    assert (
        "Nothing was done"
        in problems.check(_post(api, "/api/tasks", {"title": "x"}), 422)["detail"]
    )
    assert not Task.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert api.post("/api/tasks", {"title": "x"}).status_code == 201
