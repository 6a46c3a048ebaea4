"""What the tests of accounts share: a stranger's client, and the ways in."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.hashing import CountedArgon2
from tests.accounts.problems import Answer

ALICES: Final = "alice's own words"

SignIn = Callable[..., Any]


@pytest.fixture
def stranger(db: None) -> APIClient:
    return APIClient()


@pytest.fixture
def sign_in(stranger: APIClient, alice: User) -> SignIn:
    """Try to sign in; alice with her password unless something else is said."""

    def attempt(email: str = alice.email, password: str = ALICES, **extra: Any) -> Answer:
        credentials = {"email": email, "password": password}
        return stranger.post("/api/auth/token", credentials, **extra)

    return attempt


@pytest.fixture
def pair(sign_in: SignIn) -> dict[str, str]:
    """Alice's tokens."""
    tokens: dict[str, str] = sign_in().json()
    return tokens


@pytest.fixture
def bearing() -> Callable[[str], APIClient]:
    def make(token: str) -> APIClient:
        api = APIClient()
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return api

    return make


@pytest.fixture
def hashes(settings: LazySettings) -> list[str]:
    """Each hash of a password from here on."""
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountedArgon2"]
    CountedArgon2.done.clear()
    return CountedArgon2.done
