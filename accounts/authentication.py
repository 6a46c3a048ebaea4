"""Who sends a request, by its `Authorization: Bearer` header."""

from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts import identities, identity_provider
from accounts.models import ExternalIdentity, User


class Bearer(NamedTuple):
    """Whom a token was given to, and their account as far as there is one."""

    name: str
    user_id: UUID | None


class BearerAuthentication(JWTAuthentication):
    """One of our own access tokens, or a token of the configured identity provider."""

    def authenticate(self, request: Request) -> Any:
        token = self._token(request)
        if token is not None and identity_provider.issued(token):
            return self._external(token)
        return super().authenticate(request)

    def _token(self, request: Request) -> bytes | None:
        header = self.get_header(request)
        return None if header is None else self.get_raw_token(header)

    def _external(self, token: bytes) -> tuple[User, Any]:
        claims = identity_provider.claims_of(token)
        user = identities.account_of(claims=claims, now=timezone.now())
        if not user.is_active:
            raise AuthenticationFailed("User is inactive")
        return user, claims

    def bearer(self, request: Request) -> Bearer | None:
        """By a token's signature and expiry alone: it may have been revoked since.

        None without a token, and with one that is not good.
        """
        try:
            token = self._token(request)
            if token is None:
                return None
            if identity_provider.issued(token):
                return _external_bearer(identity_provider.claims_of(token))
            user_id = UUID(self.get_validated_token(token)["sub"])
        except APIException:
            return None
        return Bearer(str(user_id), user_id)


def _external_bearer(claims: dict[str, Any]) -> Bearer:
    identity = {"issuer": claims["iss"], "subject": claims["sub"]}
    known = ExternalIdentity.objects.filter(**identity).values_list("user", flat=True).first()
    return Bearer(f"{claims['iss']} {claims['sub']}", known)
