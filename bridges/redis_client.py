"""The connection to Redis, with time-outs that a request can bear."""

from functools import cache

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
