"""POST /api/auth/token/refresh and /api/auth/token/revoke."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts import tokens
from accounts.jobs import forget_expired_tokens
from accounts.models import User
from tests.accounts.conftest import ALICES
from tests.accounts.problems import Answer, problem

Bearing = Callable[[str], APIClient]


def refresh(api: APIClient, token: object) -> Answer:
    return api.post("/api/auth/token/refresh", {"refresh": token})


def revoke(api: APIClient, token: object) -> Answer:
    return api.post("/api/auth/token/revoke", {"refresh": token})


def test_a_refresh_gives_a_pair_that_works(
    stranger: APIClient, pair: dict[str, str], bearing: Bearing
) -> None:
    answer = refresh(stranger, pair["refresh"])

    assert answer.status_code == 200
    assert bearing(answer.json()["access"]).get("/api/me").status_code == 200
    assert refresh(stranger, answer.json()["refresh"]).status_code == 200


def test_a_used_refresh_token_has_ended(stranger: APIClient, pair: dict[str, str]) -> None:
    refresh(stranger, pair["refresh"])
    problem(refresh(stranger, pair["refresh"]), 401)


@pytest.mark.django_db(transaction=True)
def test_of_two_refreshes_at_once_one_wins(alice: User) -> None:
    pair = tokens.sign_in(email=alice.email, password=ALICES)

    def once(_: int) -> Any:
        try:
            return refresh(APIClient(), pair["refresh"]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(once, range(4)))
    assert answers == [200, 401, 401, 401]


def test_an_access_token_does_not_refresh(stranger: APIClient, pair: dict[str, str]) -> None:
    problem(refresh(stranger, pair["access"]), 401)


def test_a_refresh_token_does_not_open_the_account(pair: dict[str, str], bearing: Bearing) -> None:
    problem(bearing(pair["refresh"]).get("/api/me"), 401)


def test_an_inactive_user_does_not_refresh(
    stranger: APIClient, pair: dict[str, str], alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    problem(refresh(stranger, pair["refresh"]), 401)
    assert not BlacklistedToken.objects.exists()


def test_a_deleted_user_does_not_refresh(
    stranger: APIClient, pair: dict[str, str], alice: User
) -> None:
    alice.delete()
    problem(refresh(stranger, pair["refresh"]), 401)


def test_a_revoked_token_has_ended(stranger: APIClient, pair: dict[str, str]) -> None:
    assert revoke(stranger, pair["refresh"]).status_code == 204
    problem(refresh(stranger, pair["refresh"]), 401)


def test_revoking_twice_is_no_fault(stranger: APIClient, pair: dict[str, str]) -> None:
    assert revoke(stranger, pair["refresh"]).status_code == 204
    assert revoke(stranger, pair["refresh"]).status_code == 204


def test_revoking_a_token_that_ran_out_is_no_fault(stranger: APIClient, alice: User) -> None:
    assert revoke(stranger, _run_out(alice)).status_code == 204


def test_a_token_that_ran_out_does_not_refresh(stranger: APIClient, alice: User) -> None:
    problem(refresh(stranger, _run_out(alice)), 401)


@pytest.mark.parametrize("token", ["garbage", "a.b.c", "é", "x" * 9_000])
def test_what_is_no_token_is_neither_refreshed_nor_revoked(stranger: APIClient, token: str) -> None:
    problem(refresh(stranger, token), 401)
    problem(revoke(stranger, token), 401)
    assert not OutstandingToken.objects.exists()


@pytest.mark.parametrize("token", [None, "", 5, [], {}, "x" * 10_001, "a\0b"])
def test_a_bad_field_is_named(stranger: APIClient, token: object) -> None:
    assert list(problem(refresh(stranger, token), 400)["errors"]) == ["refresh"]
    assert list(problem(revoke(stranger, token), 400)["errors"]) == ["refresh"]


def test_revoked_tokens_are_forgotten_once_they_have_run_out(
    stranger: APIClient, pair: dict[str, str]
) -> None:
    revoke(stranger, pair["refresh"])
    forget_expired_tokens()
    assert BlacklistedToken.objects.count() == 1

    OutstandingToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    forget_expired_tokens()
    assert not BlacklistedToken.objects.exists()


def _run_out(user: User) -> str:
    token = tokens.RefreshToken.for_user(user)
    token.set_exp(lifetime=timedelta(seconds=-1))
    return str(token)
