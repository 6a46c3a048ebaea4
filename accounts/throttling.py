"""How often somebody may try. Counted in Redis; while it is away, everybody may."""

from functools import partial
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts.counting import counted, key_of
from accounts.quotas import address_of
from bridges.redis_client import client


class Limit(SimpleRateThrottle):
    """A fixed window from the first try on, counted before the try's outcome is known.

    The count is one atomic step, so that tries sent at the same moment cannot pass together.
    """

    num_requests: int
    duration: int  # seconds
    key: str | None = None
    left = 0  # seconds until the window ends

    def allow_request(self, request: Request, view: APIView) -> bool:
        self.key = self.get_cache_key(request, view)
        return self.key is None or self._add(self.key, 1) <= self.num_requests

    def forgive(self) -> None:
        """Take the try back: it was no failure."""
        if self.key:
            self._add(self.key, -1)

    def wait(self) -> float:
        return max(self.left, 1)

    def _add(self, key: str, tries: int) -> int:
        return counted(str(self.scope), partial(self._count, key, tries)) or 0

    def _count(self, key: str, tries: int) -> int:
        with client().pipeline(transaction=True) as steps:
            steps.set(key, 0, ex=self.duration, nx=True)
            steps.incrby(key, tries)
            steps.ttl(key)
            _, count, self.left = steps.execute()
        return int(count)


class AddressLimit(Limit):
    def get_cache_key(self, request: Request, view: APIView) -> str:
        return key_of("throttle", self.scope, who=address_of(request))


class EmailLimit(Limit):
    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        data: Any = request.data
        email = data.get("email") if isinstance(data, dict) else None
        if not isinstance(email, str):
            return None
        return key_of("throttle", self.scope, who=email.strip().lower())


class SignInsOfAddress(AddressLimit):
    scope = "sign-in-address"


class SignInsOfEmail(EmailLimit):
    scope = "sign-in-email"


class RegistrationsOfAddress(AddressLimit):
    scope = "register-address"


class RegistrationsOfEmail(EmailLimit):
    scope = "register-email"


class PasswordsOfUser(Limit):
    scope = "password"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return key_of("throttle", self.scope, who=str(request.user.pk))


class ForgivingView(APIView):
    """A view that takes the try of a request back when it went well."""

    _limits: list[Limit] | None = None

    def get_throttles(self) -> list[Any]:
        if self._limits is None:
            self._limits = cast(list[Limit], super().get_throttles())
        return self._limits

    def forgive(self) -> None:
        for limit in self._limits or ():
            limit.forgive()
