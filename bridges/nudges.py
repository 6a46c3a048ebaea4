"""Hints sent through Redis after a commit: "there is work".

A hint may be lost at any time; a tick or a slow poll finds the work all the same. So a hint
never fails a request, and while Redis is away it is not even tried more than once a second.
"""

from collections.abc import Callable

import kombu.exceptions
import redis
import structlog
from django.db import connection, transaction
from prometheus_client import Counter

from bridges.redis_client import fuse

NUDGES_FAILED = Counter("nudges_failed_total", "Hints that Redis did not take", ["kind"])

_FAULTS = (redis.RedisError, kombu.exceptions.OperationalError, OSError)
_log = structlog.get_logger(__name__)


def after_commit(kind: str, send: Callable[[], object], *, once: bool = False) -> None:
    """Call `send` when the open transaction has committed; with `once`, one time for all its calls.

    A fault of Redis is counted in `nudges_failed_total{kind}` and logged, never raised.
    """
    hint = _Hint(kind, send)
    if once and any(_is_same(hint, queued) for _, queued, *_ in connection.run_on_commit):
        return
    transaction.on_commit(hint, robust=True)


class _Hint:
    def __init__(self, kind: str, send: Callable[[], object]) -> None:
        self.kind = kind
        self.send = send
        self.__qualname__ = f"the hint {kind}"  # Django logs it when `send` has a fault of its own

    def __call__(self) -> None:
        if fuse.is_blown:
            NUDGES_FAILED.labels(self.kind).inc()
            return
        try:
            self.send()
        except _FAULTS as fault:
            fuse.blow()
            NUDGES_FAILED.labels(self.kind).inc()
            _log.warning("nudge_failed", kind=self.kind, fault=str(fault))


def _is_same(hint: _Hint, other: object) -> bool:
    return isinstance(other, _Hint) and other.kind == hint.kind
