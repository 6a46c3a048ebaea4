"""The relay: event log → Kafka.

Leader and stand-by run this same loop; `leadership.py` says who leads. Each batch is read,
published, acknowledged, then marked. Killed between any two of these steps it loses nothing:
unmarked events are sent again, under the same ids.
"""

import random
import threading
from typing import Final

import psycopg
import structlog
from kafka.errors import KafkaError

from bridges import kafka_client, topics
from bridges.backlog import Backlog, Row
from bridges.bell import Bell
from bridges.leadership import HEARTBEAT, Leadership
from bridges.metrics import LEADER, PARKED
from bridges.publisher import REFUSALS, Publisher

SLOW_POLL: Final = 0.5  # seconds; finds what no nudge told of
LONGEST_PAUSE: Final = 5.0  # seconds between two tries while Kafka is away
_log = structlog.get_logger(__name__)


class Stopping(Exception):
    """The relay was told to stop while it waited for the broker."""


def run(stop: threading.Event) -> None:
    """Relay events until `stop` is set. Raises topics.Unusable; mends everything else."""
    while not stop.is_set():
        try:
            _serve(stop)
        except psycopg.OperationalError as fault:
            _log.warning("session_lost", fault=str(fault).strip())
            stop.wait(HEARTBEAT * random.uniform(0.5, 1))  # noqa: S311
        except Stopping:
            return
        finally:
            LEADER.set(0)


def _serve(stop: threading.Event) -> None:
    leadership = Leadership()
    try:
        while not leadership.acquire():
            if stop.wait(HEARTBEAT):
                return
        LEADER.set(1)
        _log.info("leading")
        _Leader(leadership, stop).run()
    finally:
        leadership.close()


class _Leader:
    def __init__(self, leadership: Leadership, stop: threading.Event) -> None:
        self._leadership = leadership
        self._stop = stop
        self._backlog = Backlog(leadership.session)
        self._bell = Bell()
        self._publisher: Publisher | None = None
        self._faults = 0

    def run(self) -> None:
        try:
            while not self._stop.is_set():
                self._leadership.beat()
                if not self._turn():
                    self._bell.wait(SLOW_POLL)
        finally:
            self._bell.close()
            self._drop_publisher()

    def _turn(self) -> bool:
        """One batch. True when there may be more."""
        rows = self._backlog.waiting()
        if not rows:
            return False
        try:
            self._send(rows)
        except (KafkaError, kafka_client.KafkaAway) as fault:
            self._recover(fault)
        else:
            self._faults = 0
        return True

    def _send(self, rows: list[Row]) -> None:
        """After a fault each event goes alone, so that one the broker refuses shows itself."""
        for batch in [[row] for row in rows] if self._faults else [rows]:
            outcome = self._open_publisher().publish(batch, meanwhile=self._meanwhile)
            self._backlog.mark(outcome.acknowledged)
            if outcome.fault:
                self._judge(batch, outcome.fault)

    def _judge(self, batch: list[Row], fault: KafkaError) -> None:
        if len(batch) > 1 or not isinstance(fault, REFUSALS):
            raise fault
        row = batch[0]
        self._backlog.park(row, f"{type(fault).__name__}: {fault}")
        PARKED.labels(row.type).inc()
        _log.error("event_parked", event_id=str(row.id), type=row.type, reason=str(fault))
        raise fault  # the producer is used up; its user's next events are held by now

    def _recover(self, fault: Exception) -> None:
        self._faults += 1
        _log.warning("kafka_fault", fault=f"{type(fault).__name__}: {fault}", times=self._faults)
        self._drop_publisher()
        pause = min(LONGEST_PAUSE, 0.1 * 2 ** min(self._faults, 10)) * random.uniform(0.5, 1)  # noqa: S311
        while pause > 0:
            self._meanwhile()
            self._stop.wait(min(pause, HEARTBEAT))
            pause -= HEARTBEAT

    def _meanwhile(self) -> None:
        if self._stop.is_set():
            raise Stopping
        self._leadership.beat()

    def _open_publisher(self) -> Publisher:
        if self._publisher is None:
            kafka_client.ping()  # quick to fail, where the clients would outwait our session
            topics.ensure()
            self._publisher = Publisher()
        return self._publisher

    def _drop_publisher(self) -> None:
        if self._publisher:
            self._publisher.close()
            self._publisher = None
