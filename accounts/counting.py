"""Counting in Redis. While it is away nobody is counted, and everybody may."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

import redis
import structlog
from prometheus_client import Counter

from bridges.redis_client import fuse

UNTHROTTLED = Counter(
    "requests_unthrottled_total", "Requests let through because Redis did not count them", ["scope"]
)
T = TypeVar("T")
_log = structlog.get_logger(__name__)


def counted(scope: str, count: Callable[[], T]) -> T | None:
    """What `count` gives; None while Redis does not answer."""
    if not fuse.is_blown:
        try:
            return count()
        except redis.RedisError as fault:
            fuse.blow()
            _log.warning("throttle_unavailable", scope=scope, fault=str(fault))
    UNTHROTTLED.labels(scope).inc()
    return None


def key_of(*scope: object, who: str) -> str:
    """Hashed, so that Redis holds no address and no odd characters."""
    return ":".join([*map(str, scope), hashlib.sha256(who.encode()).hexdigest()])
