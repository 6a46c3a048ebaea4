"""The event log as the relay sees it: what waits, what is done, what is stopped.

All of it runs on the leader's own session, so a relay that lost its lock can mark nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row

MOST_ROWS: Final = 500
MOST_BYTES: Final = 8 * 1024 * 1024  # of payload in one batch; one larger event goes alone


@dataclass(frozen=True, slots=True)
class Row:
    seq: int
    id: UUID
    aggregatetype: str
    aggregateid: str
    type: str
    user_id: UUID
    payload: bytes
    causation_id: str
    trace_context: dict[str, str] | None
    created_at: datetime


# By `published_at IS NULL` and never by "seq > the last one seen": sequence order is not commit
# order, and a cursor would pass over the row of a transaction that commits late.
_WAITING = """
SELECT seq, id, aggregatetype, aggregateid, type, user_id,
       convert_to(body, 'UTF8') AS payload, causation_id, trace_context, created_at
FROM (
    SELECT *, payload::text AS body,
           sum(octet_length(payload::text)) OVER (ORDER BY seq)
             - octet_length(payload::text) AS bytes_before
    FROM (
        SELECT * FROM event_log
        WHERE published_at IS NULL AND NOT held
        ORDER BY seq LIMIT %s
    ) AS first
) AS sized
WHERE bytes_before < %s
ORDER BY seq
"""


class Backlog:
    def __init__(self, session: Connection[Any]) -> None:
        self._session = session

    def waiting(self) -> list[Row]:
        """The next batch by `seq`, without the events that stand behind a parked one."""
        rows = self._read()
        blocked = self._blocked({row.user_id for row in rows})
        if not blocked:
            return rows
        self._hold(blocked)
        return [row for row in rows if row.user_id not in blocked]

    def mark(self, seqs: Sequence[int]) -> None:
        """These are acknowledged by the broker. Committed when this returns."""
        self._session.execute(
            "UPDATE event_log SET published_at = clock_timestamp() WHERE seq = ANY(%s)",
            (list(seqs),),
        )

    def park(self, row: Row, reason: str) -> None:
        """Refused for good: set it aside, and its user's later events behind it."""
        with self._session.transaction():
            self._session.execute(
                "UPDATE event_log SET parked_at = clock_timestamp(), parked_reason = %s"
                " WHERE seq = %s",
                (reason, row.seq),
            )
            self._hold([row.user_id])

    def _read(self) -> list[Row]:
        with self._session.cursor(row_factory=class_row(Row)) as cursor:
            return cursor.execute(_WAITING, (MOST_ROWS, MOST_BYTES)).fetchall()

    def _blocked(self, users: set[UUID]) -> list[UUID]:
        found = self._session.execute(
            "SELECT DISTINCT user_id FROM event_log"
            " WHERE parked_at IS NOT NULL AND published_at IS NULL AND user_id = ANY(%s)",
            (list(users),),
        )
        return [user_id for (user_id,) in found]

    def _hold(self, users: Sequence[UUID]) -> None:
        self._session.execute(
            "UPDATE event_log SET held = true"
            " WHERE published_at IS NULL AND NOT held AND user_id = ANY(%s)",
            (list(users),),
        )
