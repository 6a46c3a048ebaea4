"""The connection to Redis, with time-outs that a request can bear."""

import time
from functools import cache
from typing import Final

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def client() -> "redis.Redis":
    """One pooled client a process. It does not retry: whoever calls it has a slower way round."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.REDIS_TIMEOUT,
        socket_connect_timeout=settings.REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def channel(name: str) -> str:
    """Pub/sub ignores Redis' database numbers, so channels carry the prefix of the topics."""
    return settings.KAFKA_TOPIC_PREFIX + name


class Fuse:
    """Blows with a fault of Redis, and for a second nobody asks it again.

    So a Redis that hangs costs a process one time-out a second, and not one a request.
    """

    PAUSE: Final = 1.0  # seconds

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_blown(self) -> bool:
        return time.monotonic() < self._until

    def blow(self) -> None:
        self._until = time.monotonic() + self.PAUSE

    def mend(self) -> None:
        self._until = 0.0


fuse = Fuse()
