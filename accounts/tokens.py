"""Our own tokens: given at sign-in, rotated at each refresh, revoked in PostgreSQL."""

from contextlib import suppress
from datetime import datetime
from typing import Any, Self, TypedDict
from uuid import UUID

from django.contrib.auth import authenticate
from django.db import transaction
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt import tokens as simplejwt
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import ExpiredTokenError, InvalidToken, TokenError
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.models import User


class Pair(TypedDict):
    access: str
    refresh: str


class Expired(InvalidToken):
    """A refresh token that was good once."""


class WrongCredentials(AuthenticationFailed):
    default_detail = "There is no account with this address and password."


class _NamesUser:
    """A token whose subject is the id of a user."""

    payload: dict[str, Any]

    def verify(self) -> None:
        super().verify()  # type: ignore[misc]
        try:
            UUID(self.payload["sub"])
        except (KeyError, ValueError, AttributeError, TypeError) as fault:
            raise TokenError("Token names no user") from fault


class AccessToken(_NamesUser, simplejwt.AccessToken):
    pass


class RefreshToken(_NamesUser, simplejwt.RefreshToken):
    access_token_class = AccessToken

    @classmethod
    def for_user(cls, user: User) -> Self:  # type: ignore[override]
        """A token is written down when it is revoked: the database holds none that works."""
        token: Self = super(simplejwt.BlacklistMixin, cls).for_user(user)
        return token


class _RevokedAgain(RefreshToken):
    def check_blacklist(self) -> None:
        """One that was revoked before may be revoked once more."""


def sign_in(*, email: str, password: str) -> Pair:
    """Raises WrongCredentials, alike and after as much work for an unknown address."""
    user = authenticate(email=email, password=password)
    if not isinstance(user, User):
        raise WrongCredentials
    return _pair(user)


@transaction.atomic
def refresh(*, token: str) -> Pair:
    """A new pair for a refresh token, which ends. Raises InvalidToken; of two at once, for one."""
    old = _opened(token, RefreshToken)
    user: Any = JWTAuthentication().get_user(old)
    # The row is unique: the second of two waits here for the first, and finds the token ended.
    _, is_first = old.blacklist()
    if not is_first:
        raise InvalidToken
    return _pair(user)


def revoke(*, token: str) -> None:
    """End a refresh token; one that has ended stays so. Raises InvalidToken for what is none."""
    with suppress(Expired):
        _opened(token, _RevokedAgain).blacklist()


def forget_expired(*, now: datetime) -> None:
    """Drop what remembers revoked tokens that have run out in the meantime."""
    OutstandingToken.objects.filter(expires_at__lt=now).delete()


def _opened(token: Any, kind: type[RefreshToken]) -> Any:
    try:
        return kind(token)
    except ExpiredTokenError as fault:
        raise Expired from fault
    except TokenError as fault:
        raise InvalidToken from fault


def _pair(user: User) -> Pair:
    token = RefreshToken.for_user(user)
    return {"access": str(token.access_token), "refresh": str(token)}
