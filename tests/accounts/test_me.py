"""GET, PUT and PATCH /api/me."""

from typing import Any, Literal

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tests.accounts.problems import problem

Verb = Literal["put", "patch"]
both_verbs = pytest.mark.parametrize("verb", ["put", "patch"])


def send(api: APIClient, verb: Verb, body: dict[str, Any]) -> Any:
    return getattr(api, verb)("/api/me", body)


def test_it_shows_the_own_account(api: APIClient, alice: User) -> None:
    shown = api.get("/api/me").json()
    created_at = shown.pop("created_at")
    assert shown == {
        "id": str(alice.pk),
        "email": "alice@example.com",
        "timezone": "Europe/Berlin",
        "locale": "en",
    }
    assert created_at.endswith("Z")


@both_verbs
def test_what_is_not_sent_stays(api: APIClient, verb: Verb) -> None:
    answer = send(api, verb, {"locale": "de"})
    assert answer.status_code == 200
    assert answer.json() | {"locale": "de", "timezone": "Europe/Berlin"} == answer.json()
    assert api.get("/api/me").json() == answer.json()


@both_verbs
def test_read_only_fields_are_ignored(api: APIClient, verb: Verb, alice: User) -> None:
    body = {"id": "x", "email": 5, "created_at": None, "timezone": "Asia/Tokyo"}
    assert send(api, verb, body).status_code == 200

    user = User.objects.get()
    assert (user.pk, user.email, user.time_zone) == (alice.pk, alice.email, "Asia/Tokyo")


def test_a_change_is_an_event_that_names_what_changed(api: APIClient, alice: User) -> None:
    api.patch("/api/me", {"timezone": "Asia/Tokyo", "locale": "en"})

    event = Event.objects.get()
    assert (event.type, event.actor_id) == ("account.updated.v1", alice.pk)
    assert event.payload == {
        "user_id": str(alice.pk),
        "timezone": "Asia/Tokyo",
        "locale": "en",
        "changed": ["timezone"],
    }


@pytest.mark.parametrize("body", [{}, {"locale": "en", "timezone": "Europe/Berlin"}])
def test_without_a_difference_there_is_no_event(api: APIClient, body: dict[str, str]) -> None:
    assert api.patch("/api/me", body).status_code == 200
    assert not Event.objects.exists()


@pytest.mark.parametrize("locale", ["en", "de", "en-GB", "zh-Hant-TW", "es-419", "fil"])
def test_a_language_is_taken(api: APIClient, locale: str) -> None:
    assert api.patch("/api/me", {"locale": locale}).json()["locale"] == locale


@both_verbs
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("locale", ""),
        ("locale", "english"),
        ("locale", "en_GB"),
        ("locale", "en-GB-"),
        ("locale", "en\nde"),
        ("locale", "en\0"),
        ("locale", None),
        ("locale", 5),
        ("locale", ["en"]),
        ("timezone", ""),
        ("timezone", "europe/berlin"),
        ("timezone", "UTC+2"),
        ("timezone", None),
        ("timezone", 2),
        ("is_superuser", True),
        ("password", "another long walk"),
        ("time_zone", "Asia/Tokyo"),
    ],
)
def test_a_bad_field_is_named_and_nothing_changes(
    api: APIClient, verb: Verb, field: str, value: object
) -> None:
    document = problem(send(api, verb, {field: value}), 400)

    assert list(document["errors"]) == [field]
    assert not Event.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"locale": "\\ud800"}'])
def test_a_body_that_is_no_object_is_refused(api: APIClient, body: Any) -> None:
    problem(api.generic("PATCH", "/api/me", body, "application/json"), 400)


def test_it_needs_a_token(stranger: APIClient) -> None:
    problem(stranger.get("/api/me"), 401)
    problem(stranger.patch("/api/me", {"locale": "de"}), 401)
