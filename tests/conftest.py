"""A small named world: alice owns, bob is somebody else, an operator has the admin."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from bridges.redis_client import client, fuse
from tasks_app import services
from tasks_app.models import Task

TaskOf = Callable[..., Task]
RedisAt = Callable[[int], None]

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user(
        "alice@example.com", "alice's own words", time_zone="Europe/Berlin"
    )


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob@example.com", "bob's own words")


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("operator@example.com", "operator's own words")


@pytest.fixture
def admin(operator: User) -> Client:
    """The operator's browser."""
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture
def api_of() -> Callable[[User], APIClient]:
    """A signed-in client, by a real token."""

    def sign_in(user: User) -> APIClient:
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {RefreshToken.for_user(user).access_token}")
        return api

    return sign_in


@pytest.fixture
def api(alice: User, api_of: Callable[[User], APIClient]) -> APIClient:
    return api_of(alice)


@pytest.fixture
def task_of() -> Callable[..., Task]:
    def make(owner: User, **fields: Any) -> Task:
        return services.create_task(
            owner=owner, actor=owner, now=NOW, **{"title": "Pay the rent", **fields}
        )

    return make


@pytest.fixture(autouse=True)
def empty_redis() -> None:
    """Rate limits and nudges of one test are not another's."""
    client().flushdb()
    fuse.mend()


@pytest.fixture
def redis_at(settings: LazySettings) -> Iterator[RedisAt]:
    """Say where Redis is, for this test."""

    def move(port: int) -> None:
        settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
        client.cache_clear()

    yield move
    client.cache_clear()


@pytest.fixture
def redis_away(redis_at: RedisAt) -> None:
    """Nobody listens there."""
    redis_at(1)
