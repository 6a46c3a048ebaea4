"""POST /api/auth/password."""

from collections.abc import Callable
from typing import Final

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tests.accounts.conftest import ALICES, SignIn
from tests.accounts.problems import Answer, problem

NEW: Final = "another long walk"


def change(api: APIClient, **fields: object) -> Answer:
    body = {"current": ALICES, "new": NEW} | fields
    return api.post("/api/auth/password", body)


def test_the_new_password_signs_in_and_the_old_one_does_not(
    api: APIClient, sign_in: SignIn
) -> None:
    assert change(api).status_code == 204
    assert sign_in(password=NEW).status_code == 200
    assert sign_in(password=ALICES).status_code == 401


@pytest.mark.parametrize("new", [NEW, ALICES])
def test_every_earlier_token_ends(
    api: APIClient,
    stranger: APIClient,
    pair: dict[str, str],
    bearing: Callable[[str], APIClient],
    new: str,
) -> None:
    change(api, new=new)

    problem(api.get("/api/me"), 401)
    problem(bearing(pair["access"]).get("/api/me"), 401)
    problem(stranger.post("/api/auth/token/refresh", {"refresh": pair["refresh"]}), 401)


def test_a_change_is_an_event_that_tells_who_alone(api: APIClient, alice: User) -> None:
    change(api)

    event = Event.objects.get()
    assert (event.type, event.actor_id) == ("account.password-changed.v1", alice.pk)
    assert event.payload == {"user_id": str(alice.pk)}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current", "not this one"),
        ("current", None),
        ("new", "short"),
        ("new", "password"),
        ("new", "alice@example.com"),
        ("new", "a\0b" * 10),
        ("new", 4815162342),
        ("email", "bob@example.com"),
    ],
)
def test_a_bad_field_is_named_and_nothing_changes(
    api: APIClient, alice: User, field: str, value: object
) -> None:
    document = problem(change(api, **{field: value}), 400)

    assert list(document["errors"]) == [field]
    assert User.objects.get(pk=alice.pk).password == alice.password
    assert not Event.objects.exists()


def test_it_needs_a_token(stranger: APIClient) -> None:
    problem(change(stranger), 401)


def test_guessing_the_current_password_is_limited(api: APIClient) -> None:
    for _ in range(10):
        problem(change(api, current="a guess"), 400)
    problem(change(api), 429)
