"""How many requests somebody may send: a fixed window, counted in Redis, a block at a time.

A process takes a hundredth of the quota from Redis at once and gives it out by itself, so that
most requests make no round trip. All blocks together are never more than the quota; what a
process has taken and not given out is lost to the others until the window ends. While Redis is
away, everybody may.
"""

import ipaddress
import threading
import time
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.counting import counted, key_of
from bridges.redis_client import client

_SECONDS: Final = {"sec": 1, "min": 60, "hour": 3600}
_BLOCKS: Final = 100


@dataclass(frozen=True)
class Standing:
    """What is left of a quota after this request, as far as this process knows."""

    name: str
    quota: int
    window: int  # seconds
    left: int
    reset: int  # seconds until the window ends
    allowed: bool

    @property
    def policy(self) -> str:
        """As RateLimit-Policy has it (draft-ietf-httpapi-ratelimit-headers-10)."""
        return f'"{self.name}";q={self.quota};w={self.window}'

    @property
    def state(self) -> str:
        """As RateLimit has it."""
        return f'"{self.name}";r={self.left};t={self.reset}'


@dataclass
class _Share:
    """Of one user or address in one window."""

    key: str  # in Redis
    elsewhere: int  # of the quota, given to nobody when we last asked
    given: int = 0  # by Redis to this process
    used: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Quota:
    """The requests of each user, or each address, by a rate such as 1200/min."""

    def __init__(self, name: str, rate: str) -> None:
        number, _, period = rate.partition("/")
        self.name = name
        self.quota, self.window = int(number), _SECONDS[period]
        self._block = max(self.quota // _BLOCKS, 1)
        self._lock = threading.Lock()
        self._number = 0  # of the window
        self._shares: dict[str, _Share] = {}

    def take(self, who: str) -> Standing | None:
        """Count one request of `who`; None when Redis does not count."""
        number, gone = divmod(time.time(), self.window)
        share = self._share(who, int(number))
        with share.lock:  # its own: a slow round trip to Redis holds up nobody else
            if share.used >= share.given and share.elsewhere and not self._lease(share):
                return None
            allowed = share.used < share.given
            share.used += allowed
            left = share.given - share.used + share.elsewhere
        reset = max(round(self.window - gone), 1)
        return Standing(self.name, self.quota, self.window, left, reset, allowed)

    def _share(self, who: str, number: int) -> _Share:
        with self._lock:
            if number != self._number:
                self._number, self._shares = number, {}
            if who not in self._shares:
                key = key_of("quota", self.name, number, who=who)
                self._shares[who] = _Share(key, elsewhere=self.quota)
            return self._shares[who]

    def _lease(self, share: _Share) -> bool:
        total = counted(self.name, partial(self._add, share.key))
        if total is None:
            return False
        over = max(total - self.quota, 0)
        share.given += max(self._block - over, 0)
        share.elsewhere = max(self.quota - total, 0)
        return True

    def _add(self, key: str) -> int:
        with client().pipeline(transaction=True) as steps:
            steps.incrby(key, self._block)
            steps.expire(key, self.window * 2)
            return int(steps.execute()[0])


@cache
def quota(name: str, rate: str) -> Quota | None:
    """The process's own counter of these; None when `rate` is empty: no limit."""
    return Quota(name, rate) if rate else None


class RequestsOfUser(BaseThrottle):
    """Counts each request of a user whose token is good."""

    standing: Standing | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user and request.user.pk:
            self.standing = count_user(request._request, request.user.pk)
        return self.standing is None or self.standing.allowed

    def wait(self) -> float | None:
        return self.standing.reset if self.standing else None


def count_user(request: HttpRequest, user_id: UUID) -> Standing | None:
    """Count a request of theirs; its answer tells the standing."""
    counter = quota("user", settings.RATE_LIMIT_USER)
    standing = counter.take(str(user_id)) if counter else None
    request.user_standing = standing  # type: ignore[attr-defined]
    return standing


_throttle: Any = BaseThrottle()


def address_of(request: HttpRequest | Request) -> str:
    """Where a request comes from, as far as our own proxies tell."""
    return network(_throttle.get_ident(request))


def network(address: str | None) -> str:
    """Who has one IPv6 address has 2^64 of them; an IPv4 address may be written as one."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
