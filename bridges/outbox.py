"""Recording events: the one way a change gets into the log."""

from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol
from uuid import UUID

import orjson
import structlog
from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from bridges import nudges, schemas
from bridges.bell import ring
from bridges.events import DomainEvent
from bridges.models import Event

LARGEST: Final = 900_000  # bytes of payload; the broker's own limit is 1 MiB with the envelope


class EventRefused(ValueError):
    """The event is larger than Kafka would take; the change it tells of is rolled back."""


class Actor(Protocol):
    @property
    def pk(self) -> Any: ...


class Handler(Protocol):
    def __call__(self, event: DomainEvent, *, actor: Actor | None, now: datetime) -> None: ...


def record(event: DomainEvent, *, actor: Actor | None, now: datetime) -> UUID:
    """Write `event` into the log, run its handlers, and nudge the relay after the commit.

    Call it after the change and under the changed row's lock, so that a row's events are in
    order. `actor` is who acts; None is the platform itself. Returns the event's id.
    Raises RuntimeError outside a transaction, SchemaViolation and EventRefused for a payload
    that consumers could not take.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.type} was recorded outside a transaction")
    row = _row(event, actor=actor, now=now)
    row.save(force_insert=True)
    for handler in _handlers().get(event.type, ()):
        handler(event, actor=actor, now=now)
    nudges.after_commit("relay", ring, once=True)
    return row.id


def _row(event: DomainEvent, *, actor: Actor | None, now: datetime) -> Event:
    encoded = orjson.dumps(event.payload)
    if len(encoded) > LARGEST:
        raise EventRefused(f"{event.type} has {len(encoded)} bytes; {LARGEST} is the most")
    payload = orjson.loads(encoded)
    schemas.check(event.type, payload)
    context = structlog.contextvars.get_contextvars()
    return Event(
        aggregatetype=event.aggregatetype,
        aggregateid=event.aggregateid,
        type=event.type,
        user_id=event.user_id,
        actor_id=actor.pk if actor else None,
        payload=payload,
        causation_id=context.get("request_id") or context.get("task_id") or "",
        trace_context=context.get("trace_context"),
        created_at=now,
    )


@cache
def _handlers() -> dict[str, tuple[Handler, ...]]:
    handlers: dict[str, tuple[Handler, ...]] = import_string(settings.EVENT_HANDLERS)
    return handlers
