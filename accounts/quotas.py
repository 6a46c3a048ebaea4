"""How many requests somebody may send: a fixed window, counted in Redis, a block at a time.

A process takes a hundredth of the quota from Redis at once and gives it out by itself, so that
most requests make no round trip. All blocks together are never more than the quota; what a
process has taken and not given out is lost to the others until the window ends. While Redis is
away, everybody may.
"""

import hashlib
import ipaddress
import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import redis
import structlog
from django.conf import settings
from prometheus_client import Counter
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from bridges.redis_client import client, fuse

UNTHROTTLED = Counter(
    "requests_unthrottled_total", "Requests let through because Redis did not count them", ["scope"]
)
_SECONDS: Final = {"sec": 1, "min": 60, "hour": 3600}
_BLOCKS: Final = 100
_log = structlog.get_logger(__name__)


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
    """Of one user or address in the present window."""

    given: int = 0  # by Redis to this process
    used: int = 0
    elsewhere: int = 0  # of the quota, given to nobody when we last asked


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
        now = time.time()
        number, gone = divmod(now, self.window)
        with self._lock:
            if number != self._number:
                self._number, self._shares = int(number), {}
            share = self._shares.setdefault(who, _Share(elsewhere=self.quota))
            if share.used >= share.given and share.elsewhere and not self._lease(who, share):
                return None
            allowed = share.used < share.given
            share.used += allowed
            left = share.given - share.used + share.elsewhere
        reset = max(round(self.window - gone), 1)
        return Standing(self.name, self.quota, self.window, left, reset, allowed)

    def _lease(self, who: str, share: _Share) -> bool:
        if not fuse.is_blown:
            try:
                total = self._add(who)
            except redis.RedisError as fault:
                fuse.blow()
                _log.warning("throttle_unavailable", scope=self.name, fault=str(fault))
            else:
                over = max(total - self.quota, 0)
                share.given += max(self._block - over, 0)
                share.elsewhere = max(self.quota - total, 0)
                return True
        UNTHROTTLED.labels(self.name).inc()
        return False

    def _add(self, who: str) -> int:
        # Hashed, so that Redis holds no address and no odd characters.
        key = f"quota:{self.name}:{self._number}:{hashlib.sha256(who.encode()).hexdigest()}"
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
        counter = quota("user", settings.RATE_LIMIT_USER)
        if counter is None or not request.user or not request.user.pk:
            return True
        self.standing = counter.take(str(request.user.pk))
        request._request.user_standing = self.standing  # type: ignore[attr-defined]
        return self.standing is None or self.standing.allowed

    def wait(self) -> float | None:
        return self.standing.reset if self.standing else None


def network(address: str | None) -> str:
    """Who has one IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
