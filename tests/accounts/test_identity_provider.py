"""Tokens of an outside identity provider."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import LazySettings
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import ExternalIdentity, User
from bridges.models import Event
from tests.accounts.conftest import ALICES, SignIn
from tests.accounts.problems import Answer, problem
from tests.accounts.provider import AUDIENCE, ISSUER, Provider, running_provider

Forge = Callable[[Provider], str]

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Provider]:
    with running_provider() as provider:
        settings.OIDC_ISSUER = ISSUER
        settings.OIDC_AUDIENCE = AUDIENCE
        settings.OIDC_JWKS_URL = provider.url
        yield provider


def me(token: str) -> Answer:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return api.get("/api/me")


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_token_opens_the_account_of_its_address(provider: Provider, algorithm: str) -> None:
    answer = me(provider.token(algorithm=algorithm))
    assert answer.status_code == 200
    assert answer.json()["email"] == "dora@example.com"


def test_the_first_token_registers_and_the_next_does_not(provider: Provider) -> None:
    first, second = me(provider.token()), me(provider.token())
    assert first.json() == second.json()
    assert [event.type for event in Event.objects.all()] == ["account.registered.v1"]


def test_the_subject_stays_the_same_account_when_the_address_changes(provider: Provider) -> None:
    before = me(provider.token())
    after = me(provider.token(email="dora@elsewhere.example", email_verified=False))
    assert before.json() == after.json()


def test_keys_are_kept(provider: Provider) -> None:
    for _ in range(3):
        me(provider.token())
    assert provider.fetches == 1


def test_a_verified_address_links_its_account(provider: Provider, alice: User) -> None:
    assert me(provider.token(email=alice.email)).json()["id"] == str(alice.pk)
    assert alice.identities.get().subject == "dora"


def test_linking_ends_a_password_that_nobody_proved_to_be_the_owners(
    provider: Provider, pair: dict[str, str], sign_in: SignIn, alice: User
) -> None:
    """Somebody may have registered the address in advance, to share the account later."""
    me(provider.token(email=alice.email))

    problem(me(pair["access"]), 401)
    problem(sign_in(), 401)
    assert Event.objects.get().type == "account.password-changed.v1"


def test_linking_leaves_an_operator_the_password(provider: Provider, sign_in: SignIn) -> None:
    User.objects.create_superuser("root@example.com", ALICES)
    assert me(provider.token(email="root@example.com")).status_code == 200
    assert sign_in(email="root@example.com").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": None},
        {"email": 5},
        {"email": "nobody"},
        {"email": "d" * 250 + "@example.com"},
        {"email": "dora\0@example.com"},
    ],
)
def test_without_a_verified_address_nobody_is_linked(
    provider: Provider, claims: dict[str, Any]
) -> None:
    problem(me(provider.token(**claims)), 401)
    assert not User.objects.exists()


def test_an_address_given_to_somebody_else_there_does_not_get_the_account(
    provider: Provider,
) -> None:
    me(provider.token())
    problem(me(provider.token(sub="another dora")), 401)


def test_an_inactive_account_stays_shut(provider: Provider) -> None:
    me(provider.token())
    User.objects.update(is_active=False)
    problem(me(provider.token()), 401)


@pytest.mark.django_db(transaction=True)
def test_first_tokens_at_once_open_one_account(provider: Provider) -> None:
    def once(_: int) -> Any:
        try:
            return me(provider.token()).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(once, range(4))) == [200] * 4
    assert User.objects.count() == ExternalIdentity.objects.count() == 1
    assert Event.objects.count() == 1


FORGERIES: dict[str, Forge] = {
    "no algorithm": lambda it: jwt.encode(_claims(it), "", "none"),
    "signed with the published secret": lambda it: it.token(
        key="secret-secret-secret-secret-secret", algorithm="HS256"
    ),
    "an HMAC under the name of a public key": lambda it: it.token(
        key="team" * 20, algorithm="HS256", kid="RS256"
    ),
    "another RSA key": lambda it: it.token(
        key=rsa.generate_private_key(public_exponent=65537, key_size=2048)
    ),
    "another algorithm than the key's": lambda it: it.token(algorithm="ES256", kid="RS256"),
    "an unknown key": lambda it: it.token(kid="nobody's"),
    "no key named": lambda it: jwt.encode(_claims(it), it.rsa, "RS256"),
    "another audience": lambda it: it.token(aud="mail"),
    "no audience": lambda it: it.token(aud=None),
    "expired": lambda it: it.token(exp=int(time.time()) - 60),
    "no expiry": lambda it: it.token(exp=None),
    "no subject": lambda it: it.token(sub=None),
    "an empty subject": lambda it: it.token(sub=""),
    "a subject that is no text": lambda it: it.token(sub=5),
    "an endless subject": lambda it: it.token(sub="d" * 256),
    "a subject with a NUL": lambda it: it.token(sub="do\0ra"),
    "another issuer": lambda it: it.token(iss="https://evil.example"),
    "a cut signature": lambda it: it.token()[:-8],
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_forged_token_is_a_401(provider: Provider, forgery: str) -> None:
    problem(me(FORGERIES[forgery](provider)), 401)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"{}"), (302, b""), (200, b"<html>"), (200, b"[]"), (200, b"{}")]
)
def test_without_the_keys_it_is_a_503(provider: Provider, status: int, body: bytes) -> None:
    provider.status, provider.body = status, body
    answer = me(provider.token())
    problem(answer, 503)
    assert answer["Retry-After"]


def test_an_unreachable_provider_is_a_503_and_our_own_tokens_go_on(
    provider: Provider, settings: LazySettings, pair: dict[str, str]
) -> None:
    settings.OIDC_JWKS_URL = "http://127.0.0.1:1/jwks"
    problem(me(provider.token()), 503)
    assert me(pair["access"]).status_code == 200


def test_no_provider_is_believed_unless_one_is_set(
    provider: Provider, settings: LazySettings
) -> None:
    settings.OIDC_AUDIENCE = ""
    problem(me(provider.token()), 401)
    assert provider.fetches == 0


@pytest.mark.django_db(transaction=True)
def test_the_key_of_a_first_request_is_known_at_the_second(provider: Provider) -> None:
    """Though there was no account yet when it came."""
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {provider.token()}")
    first, again = (
        api.post("/api/tasks", {"title": "x"}, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2)
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"


def _claims(provider: Provider) -> dict[str, Any]:
    return jwt.decode(provider.token(), options={"verify_signature": False})
