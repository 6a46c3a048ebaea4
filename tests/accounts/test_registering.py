"""POST /api/auth/register."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tests.accounts.problems import Answer, problem
from tests.accounts.queue import run_queued

PASSWORD: Final = "a long walk home"


def register(api: APIClient, **fields: Any) -> Answer:
    body = {"email": "carol@example.com", "password": PASSWORD} | fields
    return api.post("/api/auth/register", body)


def test_a_new_account_signs_in(stranger: APIClient) -> None:
    answer = register(stranger, timezone="Asia/Tokyo")

    assert answer.status_code == 201
    assert answer.json() == {"email": "carol@example.com", "timezone": "Asia/Tokyo"}
    credentials = {"email": "carol@example.com", "password": PASSWORD}
    assert stranger.post("/api/auth/token", credentials).status_code == 200


def test_the_time_zone_is_utc_unless_given(stranger: APIClient) -> None:
    assert register(stranger).json()["timezone"] == "UTC"


def test_one_address_in_another_case_is_the_same_account(stranger: APIClient) -> None:
    assert register(stranger, email="Carol@Example.COM").json()["email"] == "carol@example.com"
    register(stranger, email="CAROL@example.com")
    assert User.objects.count() == 1


def test_a_registration_is_an_event_without_the_address(stranger: APIClient) -> None:
    register(stranger, timezone="Asia/Tokyo")

    user, event = User.objects.get(), Event.objects.get()
    assert (event.type, event.aggregateid) == ("account.registered.v1", str(user.pk))
    assert (event.user_id, event.actor_id) == (user.pk, user.pk)
    assert event.payload == {"user_id": str(user.pk), "timezone": "Asia/Tokyo", "locale": "en"}


def test_the_password_is_kept_as_argon2id(stranger: APIClient) -> None:
    register(stranger)
    assert User.objects.get().password.startswith("argon2$argon2id$")


def test_a_taken_address_gets_the_same_answer_and_stays_as_it_is(
    stranger: APIClient, alice: User
) -> None:
    taken = register(stranger, email=alice.email, timezone="Asia/Tokyo")
    free = register(stranger, timezone="Asia/Tokyo")

    assert taken.status_code == free.status_code == 201
    assert taken.json() == {"email": alice.email, "timezone": "Asia/Tokyo"}
    assert taken.headers.keys() == free.headers.keys()
    as_before = User.objects.get(pk=alice.pk)
    assert (as_before.password, as_before.time_zone) == (alice.password, "Europe/Berlin")


def test_a_taken_address_costs_a_hash_like_a_free_one(
    stranger: APIClient, alice: User, hashes: list[str]
) -> None:
    register(stranger)
    for_free = len(hashes)
    register(stranger, email=alice.email)
    assert len(hashes) - for_free == for_free == 1


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_a_taken_address_is_told_by_mail(
    alice: User, mailoutbox: list[EmailMessage], settings: LazySettings
) -> None:
    register(APIClient(), email=alice.email)

    run_queued("accounts.jobs.tell_owner_of_registration")
    (mail,) = mailoutbox
    assert mail.to == [alice.email]
    assert settings.PUBLIC_URL in mail.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_away")
def test_a_taken_address_gets_the_same_answer_while_redis_is_away(alice: User) -> None:
    assert register(APIClient(), email=alice.email).status_code == 201


@pytest.mark.django_db(transaction=True)
def test_many_at_once_open_one_account() -> None:
    def once(_: int) -> Any:
        try:
            return register(APIClient(), email="carol@example.com").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(once, range(5)))

    assert answers == [201] * 5
    assert User.objects.count() == 1
    assert Event.objects.filter(type="account.registered.v1").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", ""),
        ("email", None),
        ("email", 5),
        ("email", ["carol@example.com"]),
        ("email", "carol\0@example.com"),
        ("email", "carol@example.com\nbcc: bob@example.com"),
        ("email", "c" * 250 + "@example.com"),
        ("password", "short"),
        ("password", "password"),
        ("password", "carol@example.com"),
        ("password", "a long\0walk home"),
        ("password", "p" * 257),
        ("password", 4815162342),
        ("password", {"is": PASSWORD}),
        ("timezone", "Mars/Olympus"),
        ("timezone", "localtime"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "Europe/Berlin\0"),
        ("timezone", None),
        ("timezone", 1),
        ("is_staff", True),
        ("id", "0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a11"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(
    stranger: APIClient, field: str, value: object
) -> None:
    document = problem(register(stranger, **{field: value}), 400)

    assert list(document["errors"]) == [field]
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_every_bad_field_is_named_at_once(stranger: APIClient) -> None:
    document = problem(stranger.post("/api/auth/register", {"email": "nobody", "colour": 1}), 400)
    assert set(document["errors"]) == {"email", "password", "colour"}


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b"[]", b"5", b'"text"', b"null"])
def test_a_body_that_is_no_object_is_refused(stranger: APIClient, body: Any) -> None:
    problem(stranger.generic("POST", "/api/auth/register", body, "application/json"), 400)


def test_a_body_that_is_not_json_is_refused(stranger: APIClient) -> None:
    problem(stranger.generic("POST", "/api/auth/register", "email=a", "text/plain"), 415)


def test_an_oversized_body_is_refused(stranger: APIClient, settings: LazySettings) -> None:
    problem(register(stranger, email="c" * (settings.BODY_LIMIT + 1)), 413)
