"""The producer, and what its failures mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from kafka import KafkaProducer
from kafka.errors import (
    InvalidRecordError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)
from kafka.partitioner import murmur2

from bridges import envelope
from bridges.backlog import Row
from bridges.metrics import PUBLISHED
from bridges.routes import Route, routes_of, topics

# What the broker will refuse again however often it is asked.
REFUSALS: Final = (MessageSizeTooLargeError, RecordListTooLargeError, InvalidRecordError)
SLICE: Final = 0.5  # seconds of waiting between two signs of life
LARGEST: Final = 2 * 1024 * 1024  # bytes; more than an event may have: the broker decides


@dataclass
class Outcome:
    """What became of a batch: the `seq` of rows that all their topics have, and the first fault."""

    acknowledged: list[int] = field(default_factory=list)
    fault: KafkaError | None = None


class Publisher:
    """Sends events in order and waits for the broker. After a fault it is used up: make another."""

    def __init__(self) -> None:
        self._partitions = topics()
        self._producer = KafkaProducer(
            bootstrap_servers=settings.KAFKA_BOOTSTRAP,
            bootstrap_timeout_ms=2_000,
            acks="all",
            enable_idempotence=True,  # said: a setting that conflicts would drop it in silence
            max_block_ms=1_000,
            delivery_timeout_ms=20_000,
            # The client can block for this long while a connection is made; the leader's session
            # ends after three silent seconds.
            request_timeout_ms=2_000,
            reconnect_backoff_max_ms=1_000,
            batch_size=128 * 1024,
            max_request_size=LARGEST,
            allow_auto_create_topics=False,
            client_id="relay",
        )

    def publish(self, rows: Sequence[Row], *, meanwhile: Callable[[], None]) -> Outcome:
        """Send `rows` and wait for each; after a fault nothing more is sent.

        `meanwhile` is called between slices of waiting and may raise to give up. What it leaves
        unmarked is sent again under the same ids.
        """
        outcome = Outcome()
        sent = []
        try:
            for row in rows:
                sent.append(
                    (row, [(route, self._send(row, route)) for route in routes_of(row.type)])
                )
        except KafkaError as fault:
            outcome.fault = fault
        for row, sends in sent:
            self._settle(row, sends, outcome, meanwhile)
        return outcome

    def close(self) -> None:
        self._producer.close(timeout=0.5)

    def _send(self, row: Row, route: Route) -> Any:
        return self._producer.send(
            route.topic,
            value=envelope.document(row, route),
            key=str(row.user_id).encode(),
            partition=_hash(row.user_id) % self._partitions[route.topic],
            headers=[envelope.CONTENT_TYPE],
        )

    def _settle(
        self,
        row: Row,
        sends: list[tuple[Route, Any]],
        outcome: Outcome,
        meanwhile: Callable[[], None],
    ) -> None:
        for route, future in sends:
            while not _finished(future):
                meanwhile()
            if future.failed():
                outcome.fault = outcome.fault or future.exception
                return
            PUBLISHED.labels(route.topic, route.type).inc()
        outcome.acknowledged.append(row.seq)


def _finished(future: Any) -> bool:
    """Wait a slice for the broker's answer."""
    if not future.is_done:
        try:
            future.get(timeout=SLICE)
        except KafkaError:
            return bool(future.is_done)  # the send's own failure, or only the slice ran out
    return True


@lru_cache(maxsize=50_000)
def _hash(user_id: UUID) -> int:
    """Java's murmur2 of the key, made positive as Java's producer does; 16 µs in Python."""
    return int(murmur2(str(user_id).encode())) & 0x7FFFFFFF
