"""One relay leads: it holds an advisory lock in a session that dies with it.

PostgreSQL ends the session after three idle seconds, so that a frozen process loses its lock; a
live one speaks at least once a second.
"""

import time
from typing import Any, Final

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import Connection

LOCK: Final = 7_305_808_868_247_937_025  # any number, the same for every relay of this database
IDLE_LIMIT: Final = "3s"
HEARTBEAT: Final = 1.0  # seconds


class Leadership:
    """A session that may hold the lock; psycopg.OperationalError means that it is over."""

    def __init__(self) -> None:
        self.session: Connection[Any] = psycopg.connect(
            _address(),
            autocommit=True,
            connect_timeout=3,
            application_name="relay",
            options=f"-c idle_session_timeout={IDLE_LIMIT} -c statement_timeout=30s",
            # A peer that vanished without a word must not keep us waiting for its answer.
            keepalives_idle=2,
            keepalives_interval=1,
            keepalives_count=3,
        )
        self._last_beat = time.monotonic()

    def acquire(self) -> bool:
        """Take the lock if nobody has it. The session stays alive either way."""
        self._last_beat = time.monotonic()
        row = self.session.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        return bool(row and row[0])

    def beat(self) -> None:
        """Keep the session; cheap to call often. OperationalError when it was taken away."""
        if time.monotonic() - self._last_beat >= HEARTBEAT:
            self.session.execute("SELECT 1")
            self._last_beat = time.monotonic()

    def close(self) -> None:
        self.session.close()


def _address() -> str:
    if settings.DATABASE_DIRECT_URL:
        return str(settings.DATABASE_DIRECT_URL)
    known = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        host=known["HOST"] or None,
        port=known["PORT"] or None,
        user=known["USER"] or None,
        password=known["PASSWORD"] or None,
        dbname=known["NAME"],
        **{name: value for name, value in known["OPTIONS"].items() if name.startswith("ssl")},
    )
