"""Recording events: the one way a change gets into the log."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Protocol

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
MANY: Final = 50  # events


class EventRefused(ValueError):
    """The event is larger than Kafka would take; the change it tells of is rolled back."""


class Actor(Protocol):
    @property
    def pk(self) -> Any: ...


class Handler(Protocol):
    """Gets the events of its types that are recorded together, in their order."""

    def __call__(
        self, events: Sequence[DomainEvent], *, actor: Actor | None, now: datetime
    ) -> None: ...


def record(event: DomainEvent, *, actor: Actor | None, now: datetime) -> None:
    """As `record_all`, of one."""
    record_all([event], actor=actor, now=now)


def record_all(events: Sequence[DomainEvent], *, actor: Actor | None, now: datetime) -> None:
    """Write `events` into the log in their order by one statement, and run their handlers.

    Call it after the change and under the changed rows' locks, so that a row's events are in
    order. `actor` is who acts; None is the platform itself. The relay is nudged after the commit.
    Raises RuntimeError outside a transaction, SchemaViolation and EventRefused for a payload
    that consumers could not take.
    """
    if not events:
        return
    if not connection.in_atomic_block:
        raise RuntimeError(f"{events[0].type} was recorded outside a transaction")
    _write([_row(event, actor=actor, now=now) for event in events])
    for handler, types in _handlers().items():
        if concerned := [event for event in events if event.type in types]:
            handler(concerned, actor=actor, now=now)
    nudges.after_commit("relay", ring, once=True)


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


def _write(rows: Sequence[Event]) -> None:
    """Many go by COPY: in a statement's text, all the quotes of their payloads cost more."""
    if len(rows) < MANY:
        Event.objects.bulk_create(rows)
        return
    names = [field.attname for field in Event._meta.concrete_fields if not field.primary_key]
    into = f"COPY {Event._meta.db_table} ({', '.join(names)}) FROM STDIN"
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(into) as copy,
    ):
        for row in rows:
            copy.write_row([_text(getattr(row, name)) for name in names])


def _text(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


@cache
def _handlers() -> dict[Handler, set[str]]:
    """Each handler once, with its types: events of several types reach it in their order."""
    table: dict[str, tuple[Handler, ...]] = import_string(settings.EVENT_HANDLERS)
    types: dict[Handler, set[str]] = {}
    for type_, handlers in table.items():
        for handler in handlers:
            types.setdefault(handler, set()).add(type_)
    return types
