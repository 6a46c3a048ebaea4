"""Tokens of an outside identity provider (OpenID Connect), checked by its published keys."""

from functools import cache
from typing import Any, Final

import jwt
from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework_simplejwt.exceptions import InvalidToken

# Only asymmetric ones: with HS256 a published key would sign.
ALGORITHMS: Final = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
]
LEEWAY: Final = 10  # seconds that the provider's clock may differ
TIMEOUT: Final = 2  # seconds to get the keys
LONGEST_SUBJECT: Final = 255  # OpenID Connect's own limit


class ProviderUnavailable(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The identity provider's keys cannot be had at the moment."
    wait = 1  # seconds, as Retry-After


def issued(token: bytes) -> bool:
    """Does `token` say that it comes from the configured provider? Nothing is verified yet."""
    if not (settings.OIDC_ISSUER and settings.OIDC_AUDIENCE and settings.OIDC_JWKS_URL):
        return False
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, RecursionError):
        return False
    return bool(claims.get("iss") == settings.OIDC_ISSUER)


def claims_of(token: bytes) -> dict[str, Any]:
    """The verified claims. Raises InvalidToken, and ProviderUnavailable without its keys."""
    key = _key_of(token)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=settings.OIDC_AUDIENCE,
            issuer=settings.OIDC_ISSUER,
            leeway=LEEWAY,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.InvalidTokenError as fault:
        raise InvalidToken from fault
    if not 0 < len(claims["sub"]) <= LONGEST_SUBJECT or "\0" in claims["sub"]:
        raise InvalidToken
    return claims


def _key_of(token: bytes) -> jwt.PyJWK:
    keys = _keys(settings.OIDC_JWKS_URL)
    try:
        keys.get_signing_keys()
    except (jwt.PyJWTError, OSError, ValueError) as fault:
        raise ProviderUnavailable from fault
    try:
        return keys.get_signing_key_from_jwt(token)
    except jwt.PyJWKClientConnectionError as fault:
        raise ProviderUnavailable from fault
    except jwt.PyJWTError as fault:
        raise InvalidToken from fault


@cache
def _keys(url: str) -> jwt.PyJWKClient:
    """One client a process; it keeps the keys for five minutes and looks again for a new one."""
    return jwt.PyJWKClient(url, timeout=TIMEOUT)
