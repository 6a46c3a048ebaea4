"""Whatever is not a good access token is a 401 that says how to come in."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.problems import problem

Forge = Callable[[dict[str, Any]], str]
KEY: Any = settings.SIMPLE_JWT["SIGNING_KEY"]


def signed(claims: dict[str, Any], key: Any = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def without(name: str) -> Forge:
    return lambda good: signed({key: value for key, value in good.items() if key != name})


def with_(**changes: Any) -> Forge:
    return lambda good: signed(good | changes)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


FORGERIES: dict[str, Forge] = {
    "no algorithm": lambda good: signed(good, "", "none"),
    "no algorithm, oddly spelt": lambda good: f"{part({'alg': 'nOnE'})}.{part(good)}.",
    "another HMAC": lambda good: signed(good, algorithm="HS512"),
    "an RSA key": lambda good: signed(
        good, rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"
    ),
    "another key": lambda good: signed(good, "guess" * 10),
    "another audience": with_(aud="somebody else"),
    "no audience": without("aud"),
    "another issuer": with_(iss="https://evil.example"),
    "no issuer": without("iss"),
    "expired": with_(exp=int(time.time()) - 1),
    "no expiry": without("exp"),
    "an expiry that is no number": with_(exp="tomorrow"),
    "no subject": without("sub"),
    "a subject that is no id": with_(sub="alice"),
    "a subject nobody has": with_(sub="0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a11"),
    "a refresh token": with_(token_type="refresh"),
    "no type": without("token_type"),
    "no password digest": without("hash_password"),
    "another password's digest": with_(hash_password="0" * 32),
    "not valid yet": with_(nbf=int(time.time()) + 3600),
    "a changed payload": lambda good: ".".join(
        (signed(good).split(".")[0], part(good | {"exp": 2**31}), signed(good).split(".")[2])
    ),
    "no signature": lambda good: signed(good).rsplit(".", 1)[0] + ".",
    "a header that is a list": lambda good: f"{part(['HS256'])}.{part(good)}.AA",
    "a payload that is a list": lambda good: f"{part({'alg': 'HS256'})}.{part([good])}.AA",
    "a deep payload": lambda good: f"{part({'alg': 'HS256'})}.{'W1tb' * 1500}.AA",
    "a deep header": lambda good: f"{'W1tb' * 1500}.{part(good)}.AA",
    "a critical header": lambda good: jwt.encode(good, KEY, headers={"crit": ["otp"], "otp": 1}),
    "two parts": lambda good: "a.b",
    "no base 64": lambda good: "!.!.!",
    "garbage": lambda good: "garbage",
    "non-ASCII": lambda good: "é.è.ê",
}


@pytest.fixture
def good(pair: dict[str, str]) -> dict[str, Any]:
    """The claims of a token that is good."""
    return jwt.decode(pair["access"], options={"verify_signature": False})


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_a_401(
    bearing: Callable[[str], APIClient], good: dict[str, Any], forgery: str
) -> None:
    problem(bearing(FORGERIES[forgery](good)).get("/api/me"), 401)


def test_the_same_way_of_signing_makes_a_good_token(
    bearing: Callable[[str], APIClient], good: dict[str, Any]
) -> None:
    """Otherwise the forgeries above would prove nothing."""
    assert bearing(signed(good)).get("/api/me").status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer a b", "Basic YWxpY2U6cHc=", "Token abc", "\xff"]
)
def test_a_header_without_a_token_is_a_401(stranger: APIClient, header: str) -> None:
    problem(stranger.get("/api/me", HTTP_AUTHORIZATION=header), 401)


def test_no_header_is_a_401(stranger: APIClient) -> None:
    problem(stranger.get("/api/me"), 401)


def test_the_token_of_a_deleted_user_is_a_401(
    pair: dict[str, str], bearing: Callable[[str], APIClient], alice: User
) -> None:
    alice.delete()
    problem(bearing(pair["access"]).get("/api/me"), 401)


def test_the_token_of_an_inactive_user_is_a_401(
    pair: dict[str, str], bearing: Callable[[str], APIClient], alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    problem(bearing(pair["access"]).get("/api/me"), 401)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(alphabet=st.characters(max_codepoint=255), max_size=200))
def test_no_header_at_all_makes_a_500(stranger: APIClient, text: str) -> None:
    assert stranger.get("/api/me", HTTP_AUTHORIZATION=f"Bearer {text}").status_code == 401
