"""Jobs of the platform itself."""

import time
from typing import Final

from celery import shared_task

from bridges.redis_client import client
from todo_project import idempotency

LAST_TICK: Final = "last-tick"


@shared_task
def heartbeat() -> None:
    """Leave the time of the last tick (Unix seconds) where `status` looks."""
    client().set(LAST_TICK, time.time())


@shared_task
def forget_answers() -> None:
    idempotency.forget_answers()
