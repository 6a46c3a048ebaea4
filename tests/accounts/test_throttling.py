"""Who guesses is slowed down; who is right is not; and nobody waits for Redis."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import LazySettings
from django.db import connection
from prometheus_client import REGISTRY
from rest_framework.settings import api_settings
from rest_framework.test import APIClient

from accounts.models import User
from bridges.redis_client import client
from tests.accounts.conftest import ALICES, SignIn
from tests.accounts.problems import problem
from tests.conftest import RedisAt


def test_an_address_book_of_guesses_ends_in_429(sign_in: SignIn) -> None:
    for _ in range(10):
        problem(sign_in(password="a guess"), 401)
    refused = sign_in()
    problem(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_the_address_counts_in_any_case(sign_in: SignIn, alice: User) -> None:
    for _ in range(10):
        sign_in(password="a guess")
    problem(sign_in(email=alice.email.upper()), 429)


def test_the_guesses_at_one_address_do_not_shut_out_another(sign_in: SignIn, bob: User) -> None:
    for _ in range(11):
        sign_in(password="a guess")
    assert sign_in(email=bob.email, password="bob's own words").status_code == 200


def test_one_client_that_tries_many_addresses_is_stopped(sign_in: SignIn) -> None:
    for number in range(30):
        problem(sign_in(email=f"user{number}@example.com"), 401)
    problem(sign_in(), 429)
    assert sign_in(REMOTE_ADDR="192.0.2.1").status_code == 200


def test_the_addresses_of_one_ipv6_network_are_one_client(sign_in: SignIn) -> None:
    for number in range(30):
        sign_in(email=f"user{number}@example.com", REMOTE_ADDR=f"2001:db8::{number:x}")
    problem(sign_in(REMOTE_ADDR="2001:db8::ffff"), 429)
    assert sign_in(REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_signing_in_well_is_not_limited(sign_in: SignIn) -> None:
    assert {sign_in().status_code for _ in range(35)} == {200}


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_do_not_pass_together(alice: User) -> None:
    def guess(_: int) -> int:
        credentials = {"email": alice.email, "password": "a guess"}
        try:
            return APIClient().post("/api/auth/token", credentials).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(16)))
    assert (answers.count(401), answers.count(429)) == (10, 6)


def test_registering_one_address_again_and_again_is_stopped(stranger: APIClient) -> None:
    body = {"email": "carol@example.com", "password": ALICES}
    answers = [stranger.post("/api/auth/register", body).status_code for _ in range(6)]
    assert answers == [201] * 5 + [429]


def test_a_forwarded_address_is_not_believed_by_default(sign_in: SignIn) -> None:
    for number in range(30):
        sign_in(email=f"user{number}@example.com", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    problem(sign_in(HTTP_X_FORWARDED_FOR="203.0.113.9"), 429)


def test_behind_one_proxy_its_entry_is_the_client(sign_in: SignIn, settings: LazySettings) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    assert api_settings.NUM_PROXIES == 1
    for number in range(30):
        sign_in(
            email=f"user{number}@example.com",
            HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.9",
        )
    problem(sign_in(HTTP_X_FORWARDED_FOR="203.0.113.9"), 429)
    assert sign_in(HTTP_X_FORWARDED_FOR="203.0.113.10").status_code == 200


@pytest.mark.usefixtures("redis_away")
def test_without_redis_sign_in_goes_on_and_is_counted(sign_in: SignIn) -> None:
    before = _unthrottled()
    answers = {sign_in(password="a guess").status_code for _ in range(12)}
    assert answers == {401}
    assert sign_in().status_code == 200
    assert _unthrottled() - before >= 13


def test_a_redis_that_hangs_costs_a_sign_in_milliseconds(
    sign_in: SignIn, hanging_redis: None
) -> None:
    begun = time.perf_counter()
    for _ in range(3):
        assert sign_in().status_code == 200
    assert time.perf_counter() - begun < 1.5


def test_redis_holds_no_address(sign_in: SignIn) -> None:
    sign_in(password="a guess", REMOTE_ADDR="192.0.2.1")
    keys = str(client().keys("throttle:*"))
    assert "throttle:sign-in-email" in keys
    assert "alice" not in keys
    assert "192.0.2.1" not in keys


def test_every_count_ends_with_its_window(sign_in: SignIn) -> None:
    sign_in()
    sign_in(password="a guess")
    assert all(0 < client().ttl(key) <= 60 for key in client().keys("throttle:*"))


@pytest.fixture
def hanging_redis(redis_at: RedisAt) -> Iterator[None]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        redis_at(server.getsockname()[1])
        yield


def _unthrottled() -> float:
    scopes = ("sign-in-address", "sign-in-email")
    return sum(
        REGISTRY.get_sample_value("requests_unthrottled_total", {"scope": scope}) or 0
        for scope in scopes
    )
