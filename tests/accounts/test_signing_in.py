"""POST /api/auth/token."""

from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.conftest import SignIn
from tests.accounts.problems import problem

Bearing = Callable[[str], APIClient]


def test_the_access_token_opens_the_own_account(
    pair: dict[str, str], bearing: Bearing, alice: User
) -> None:
    answer = bearing(pair["access"]).get("/api/me")
    assert answer.status_code == 200
    assert answer.json()["id"] == str(alice.pk)


def test_the_address_may_be_in_any_case(sign_in: SignIn, alice: User) -> None:
    assert sign_in(email=alice.email.upper()).status_code == 200


def test_a_bad_token_in_the_header_does_not_stop_a_sign_in(sign_in: SignIn) -> None:
    assert sign_in(HTTP_AUTHORIZATION="Bearer garbage").status_code == 200


def test_wrong_password_and_unknown_address_are_told_alike(sign_in: SignIn) -> None:
    wrong = problem(sign_in(password="not this one"), 401)
    unknown = problem(sign_in(email="nobody@example.com"), 401)
    assert wrong == unknown


def test_an_inactive_account_is_told_like_an_unknown_one(sign_in: SignIn, alice: User) -> None:
    unknown = problem(sign_in(email="nobody@example.com"), 401)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert problem(sign_in(), 401) == unknown


@pytest.mark.parametrize("case", ["wrong", "unknown", "inactive", "without a password"])
def test_every_failure_costs_one_hash(
    sign_in: SignIn, alice: User, hashes: list[str], case: str
) -> None:
    if case == "inactive":
        User.objects.filter(pk=alice.pk).update(is_active=False)
    if case == "without a password":
        User.objects.filter(pk=alice.pk).update(password=make_password(None))
    email = "nobody@example.com" if case == "unknown" else alice.email

    assert sign_in(email=email, password="not this one").status_code == 401
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", 5),
        ("email", {}),
        ("email", "alice\0@example.com"),
        ("password", ""),
        ("password", None),
        ("password", 5),
        ("password", "a\0b"),
        ("password", "p" * 257),
        ("otp", "123456"),
    ],
)
def test_a_bad_field_is_named(stranger: APIClient, alice: User, field: str, value: object) -> None:
    body = {"email": alice.email, "password": "whatever", field: value}
    document = problem(stranger.post("/api/auth/token", body), 400)
    assert list(document["errors"]) == [field]


def test_only_post_signs_in(stranger: APIClient) -> None:
    problem(stranger.get("/api/auth/token"), 405)


def test_a_trailing_slash_is_another_address(stranger: APIClient) -> None:
    assert stranger.post("/api/auth/token/", {}).status_code == 404
