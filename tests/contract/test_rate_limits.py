"""How many requests somebody may send, and what the answers say of it."""

import http.client
import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from accounts.quotas import Quota, quota
from tests.contract import problems
from tests.contract.conftest import serving
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(settings: Any) -> Any:
    quota.cache_clear()
    yield settings
    quota.cache_clear()


def test_answers_tell_what_is_left(api: APIClient, limits: Any) -> None:
    limits.RATE_LIMIT_USER, limits.RATE_LIMIT_ADDRESS = "100/hour", "1000/hour"

    first, second = (_answer(api) for _ in range(2))

    assert first["RateLimit-Policy"] == '"address";q=1000;w=3600, "user";q=100;w=3600'
    assert _left(first) == {"address": 999, "user": 99}
    assert _left(second) == {"address": 998, "user": 98}
    assert 0 < int(re.findall(r"t=(\d+)", first["RateLimit"])[0]) <= 3600


def test_a_user_over_the_limit_is_a_429_and_others_go_on(
    api: APIClient, bob: User, api_of: Callable[[User], APIClient], limits: Any
) -> None:
    limits.RATE_LIMIT_USER = "5/hour"
    for _ in range(5):
        assert _answer(api).status_code == 200

    refused = _answer(api)
    problems.check(refused, 429)
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert _left(refused) == {"user": 0}
    assert _answer(api_of(bob)).status_code == 200


def test_an_address_over_the_limit_is_a_429_whatever_its_token(api: APIClient, limits: Any) -> None:
    limits.RATE_LIMIT_ADDRESS = "5/hour"
    stranger = APIClient()
    stranger.credentials(HTTP_AUTHORIZATION="Bearer forged")
    for _ in range(5):
        problems.check(_answer(stranger), 401)

    problems.check(_answer(stranger), 429)
    problems.check(_answer(api), 429)
    problems.check(api.get("/api/tasks", HTTP_X_FORWARDED_FOR="192.0.2.7"), 429)
    assert _answer(api, REMOTE_ADDR="192.0.2.8").status_code == 200
    assert Client().get("/health").status_code == 200


def test_neighbours_in_an_ipv6_network_are_one(api: APIClient, limits: Any) -> None:
    limits.RATE_LIMIT_ADDRESS = "1/hour"

    assert _answer(api, REMOTE_ADDR="2001:db8::1").status_code == 200
    assert _answer(api, REMOTE_ADDR="2001:db8::2").status_code == 429


@pytest.mark.parametrize(
    ("addresses", "status"),
    [(("::ffff:192.0.2.1", "192.0.2.1"), 429), (("::ffff:192.0.2.1", "::ffff:192.0.2.2"), 200)],
)
def test_an_ipv4_address_written_as_ipv6_is_itself(
    api: APIClient, limits: Any, addresses: tuple[str, str], status: int
) -> None:
    limits.RATE_LIMIT_ADDRESS = "1/hour"
    answers = [_answer(api, REMOTE_ADDR=address).status_code for address in addresses]

    assert answers == [200, status]


@pytest.mark.parametrize("limit", ["RATE_LIMIT_ADDRESS", "RATE_LIMIT_USER"])
def test_a_repeat_by_its_key_counts(api: APIClient, limits: Any, limit: str) -> None:
    setattr(limits, limit, "2/hour")
    answers: list[Any] = [
        api.post("/api/tasks", {"title": "x"}, HTTP_IDEMPOTENCY_KEY="one") for _ in range(3)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    name = limit.removeprefix("RATE_LIMIT_").lower()
    assert [_left(answer)[name] for answer in answers] == [1, 0, 0]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600


def test_the_next_window_begins_anew(api: APIClient, limits: Any) -> None:
    limits.RATE_LIMIT_USER = "2/sec"

    wait_for(lambda: _answer(api).status_code == 429, what="a refusal")
    wait_for(lambda: _answer(api).status_code == 200, what="the next second")


def test_without_redis_everybody_may(api: APIClient, limits: Any, redis_away: Any) -> None:
    limits.RATE_LIMIT_USER = "1/hour"

    for _ in range(3):
        answer = _answer(api)
        assert answer.status_code == 200
        assert "RateLimit" not in answer


def test_processes_together_give_no_more_than_the_quota() -> None:
    """Each has its own counter, as here; none gives what another has taken."""
    processes = [Quota("user", "1000/hour") for _ in range(4)]

    standings = [processes[number % 4].take("alice") for number in range(2000)]

    assert sum(bool(standing and standing.allowed) for standing in standings) == 1000


def test_who_waits_for_redis_holds_up_nobody_else() -> None:
    asked, let_go = threading.Event(), threading.Event()

    class Slow(Quota):
        def _add(self, key: str) -> int:
            if not asked.is_set():
                asked.set()
                assert let_go.wait(20)
            return super()._add(key)

    users = Slow("user", "100/hour")
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(users.take, "alice")
        assert asked.wait(10)
        second = threads.submit(users.take, "bob")
        try:
            assert second.result(10)
        finally:
            let_go.set()
    assert first.result()


@pytest.mark.django_db(transaction=True)
def test_two_web_workers_keep_one_limit(alice: User) -> None:
    token = RefreshToken.for_user(alice).access_token

    def send(address: tuple[str, int]) -> list[int]:
        line = http.client.HTTPConnection(*address, timeout=30)
        statuses = []
        for _ in range(60):
            line.request("GET", "/api/me", headers={"Authorization": f"Bearer {token}"})
            answer = line.getresponse()
            answer.read()
            statuses.append(answer.status)
        line.close()
        return statuses

    with (
        serving(RATE_LIMIT_USER="100/hour", WEB_WORKERS="2") as (_, address),
        ThreadPoolExecutor(4) as threads,
    ):
        answers = Counter(
            status for statuses in threads.map(send, [address] * 4) for status in statuses
        )

    assert answers == {200: 100, 429: 140}


def _answer(api: APIClient, **extra: Any) -> Any:
    return api.get("/api/tasks", **extra)


def _left(answer: Any) -> dict[str, int]:
    return {name: int(left) for name, left in re.findall(r'"(\w+)";r=(\d+)', answer["RateLimit"])}
