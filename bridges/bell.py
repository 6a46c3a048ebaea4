"""What wakes the relay: a nudge through Redis, or the clock."""

import time
from typing import Final

import redis
import structlog

from bridges.outbox import CHANNEL
from bridges.redis_client import channel, client

WITHOUT_REDIS: Final = 0.2  # seconds between two looks while nobody can ring
_log = structlog.get_logger(__name__)


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
        """One look at the log answers all the nudges that have come by now."""
        while subscription.get_message(timeout=0):
            pass
