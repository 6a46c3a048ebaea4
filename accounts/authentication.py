"""Who sends a request, by its `Authorization: Bearer` header."""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework_simplejwt.authentication import JWTAuthentication

from accounts import identities, identity_provider
from accounts.models import User


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
