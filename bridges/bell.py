"""What wakes the relay: a byte on a channel of Redis, or the clock.

Whoever rings does not wait for Redis' answer: under load the wait, with the hand-over of the
interpreter that comes with it, was more than a quarter of the time of a create.
"""

import threading
import time
from typing import Any, Final

import redis
import structlog

from bridges.redis_client import channel, client

CHANNEL: Final = "relay"
WITHOUT_REDIS: Final = 0.2  # seconds between two looks while nobody can ring
_log = structlog.get_logger(__name__)
_rope = threading.local()


def ring() -> None:
    """Wake the relay. RedisError, or nothing, while Redis is away: the relay looks by itself."""
    connection = _connection()
    try:
        connection.send_packed_command(
            connection.pack_command("PUBLISH", channel(CHANNEL), b"1"), check_health=False
        )
    except redis.RedisError:
        _rope.connection = None
        raise


class Bell:
    def __init__(self) -> None:
        self._subscription: redis.client.PubSub | None = None

    def wait(self, seconds: float) -> None:
        """Return when rung, or after `seconds`; without Redis, soon."""
        try:
            subscription = self._listen()
            if subscription.get_message(timeout=seconds):
                self._hush(subscription)
        except redis.RedisError as fault:
            if self._subscription:
                _log.warning("bell_lost", fault=str(fault))
            self.close()
            time.sleep(WITHOUT_REDIS)

    def close(self) -> None:
        if self._subscription:
            self._subscription.close()
            self._subscription = None

    def _listen(self) -> redis.client.PubSub:
        if self._subscription is None:
            subscription = client().pubsub(ignore_subscribe_messages=True)
            subscription.subscribe(channel(CHANNEL))
            self._subscription = subscription
        return self._subscription

    def _hush(self, subscription: redis.client.PubSub) -> None:
        """One look at the log answers all the rings that have come by now."""
        while subscription.get_message(timeout=0):
            pass


def _connection() -> Any:
    """This thread's own connection, on which Redis keeps silent."""
    pool = client().connection_pool
    if getattr(_rope, "connection", None) is None or _rope.pool is not pool:
        connection = pool.make_connection()
        connection.connect()
        connection.send_command("CLIENT", "REPLY", "OFF")
        _rope.connection, _rope.pool = connection, pool
    return _rope.connection
