"""How every part of the platform is: one small check each, all of them at the same time."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, connections
from django.db.models import Min
from django.utils import timezone
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from bridges import kafka_client
from bridges.leadership import LOCK
from bridges.models import Event
from bridges.redis_client import client
from notifications_app.models import Notification, NotificationStatus, Reminder
from recurrence_app.models import RecurringTask
from todo_project.celery import app
from todo_project.health import database
from todo_project.jobs import LAST_TICK

PATIENCE: Final = 4.0  # seconds for all the checks together
WORKERS_ANSWER_WITHIN: Final = 1.0  # seconds
KAFKA_ANSWERS_WITHIN_MS: Final = 2_000
QUEUES: Final = frozenset({"ticks", "notifications", "recurrence", "default"})
OLDEST_TICK: Final = timedelta(seconds=15)  # one comes each five seconds
OLDEST_UNPUBLISHED: Final = timedelta(seconds=10)
LATEST_REMINDER: Final = timedelta(seconds=10)
LATEST_SERIES: Final = timedelta(seconds=120)  # 100,000 due in one minute take one of their own
FAILED_WITHIN: Final = timedelta(hours=24)


class NotWell(Exception):
    """What is wrong, and what to do."""


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    detail: str


Check = Callable[[], str]


def findings() -> Iterator[Finding]:
    """One a check, in their order, within PATIENCE whatever is down or frozen."""
    until = time.monotonic() + PATIENCE
    running = [_Running(name, check) for name, check in CHECKS.items()]
    return (each.finding(until) for each in running)


class _Running:
    """A check in a thread of its own: one that hangs delays neither the others nor the exit."""

    def __init__(self, name: str, check: Check) -> None:
        self._name = name
        self._check = check
        self._finding: Finding | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finding(self, until: float) -> Finding:
        self._thread.join(max(0, until - time.monotonic()))
        return self._finding or Finding(
            self._name, ok=False, detail=f"no answer within {PATIENCE:g} s"
        )

    def _run(self) -> None:
        try:
            self._finding = _outcome(self._name, self._check)
        finally:
            connections.close_all()


def _outcome(name: str, check: Check) -> Finding:
    try:
        return Finding(name, ok=True, detail=check())
    except NotWell as problem:
        detail = str(problem)
    except DatabaseError as fault:
        detail = f"PostgreSQL: {_line(fault)}; see DATABASE_URL and its log"
    except redis.RedisError as fault:
        detail = f"Redis: {_line(fault)}; see REDIS_URL and its log"
    except (kafka_client.KafkaAway, KafkaError) as fault:
        detail = f"Kafka: {_line(fault)}; see KAFKA_BOOTSTRAP and its log"
    except Exception as fault:  # a check that breaks is a finding, and the others go on
        detail = f"the check broke, {type(fault).__name__}: {_line(fault)}"
    return Finding(name, ok=False, detail=detail)


def _line(fault: Exception) -> str:
    return str(fault).strip().partition("\n")[0]


def _database() -> str:
    database()
    return "answers"


def _redis() -> str:
    client().ping()
    return "answers"


def _kafka() -> str:
    kafka_client.ping()  # quick to fail, where the client would go on trying to connect
    admin = KafkaAdminClient(
        bootstrap_servers=settings.KAFKA_BOOTSTRAP,
        bootstrap_timeout_ms=KAFKA_ANSWERS_WITHIN_MS,
        request_timeout_ms=KAFKA_ANSWERS_WITHIN_MS,
    )
    admin.close()  # it has asked for the brokers' versions by now
    return "answers"


def _workers() -> str:
    client().ping()  # quick to fail, where Celery would go on trying to connect
    answers = app.control.inspect(timeout=WORKERS_ANSWER_WITHIN).active_queues() or {}
    served = {queue["name"] for queues in answers.values() for queue in queues}
    if not answers:
        raise NotWell("no worker answers; start worker and worker-ticks")
    if missing := QUEUES - served:
        raise NotWell(f"nobody serves {', '.join(sorted(missing))}; start its worker")
    return ", ".join(sorted(answers))


def _beat() -> str:
    stamp = client().get(LAST_TICK)
    if stamp is None:
        raise NotWell("no tick was seen; start beat and worker-ticks")
    age = timedelta(seconds=max(0, time.time() - float(stamp)))
    if age > OLDEST_TICK:
        raise NotWell(f"last heartbeat {_ago(age)}; start beat and worker-ticks, or see their logs")
    return f"last heartbeat {_ago(age)}; one comes each 5 s"


def _relay() -> str:
    """PostgreSQL shows a lock's 64-bit number as two halves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s AND objid = %s AND objsubid = 1",
            (LOCK >> 32, LOCK & 0xFFFFFFFF),
        )
        (leaders,) = cursor.fetchone() or (0,)
    if not leaders:
        raise NotWell("nobody leads; start relay")
    return "leads"


def _unpublished() -> str:
    found = Event.objects.waiting()
    oldest: datetime | None = found.aggregate(oldest=Min("created_at"))["oldest"]
    if oldest is None:
        return "none"
    age = timezone.now() - oldest
    detail = f"{found.count():,}, the oldest recorded {_ago(age)}"
    if age > OLDEST_UNPUBLISHED:
        raise NotWell(f"{detail}; see the relay's log and Kafka")
    return detail


def _parked() -> str:
    return _none(
        Event.objects.parked().unpublished().count(),
        "Kafka refused them; retry or skip them in the admin",
    )


def _reminders() -> str:
    return _none(
        Reminder.objects.due(timezone.now() - LATEST_REMINDER).count(),
        "start beat and worker-ticks, or see their logs",
    )


def _series() -> str:
    return _none(
        RecurringTask.objects.due(timezone.now() - LATEST_SERIES).count(),
        "start beat and worker-ticks, or see their logs",
    )


def _deliveries() -> str:
    failed = Notification.objects.filter(
        status=NotificationStatus.FAILED, created_at__gt=timezone.now() - FAILED_WITHIN
    )
    return _none(failed.count(), "of the last day; see why in the admin, and retry them there")


def _none(count: int, otherwise: str) -> str:
    if count:
        raise NotWell(f"{count:,}; {otherwise}")
    return "none"


def _ago(age: timedelta) -> str:
    return f"{max(0, age.total_seconds()):,.0f} s ago"


CHECKS: Final[dict[str, Check]] = {
    "database": _database,
    "redis": _redis,
    "kafka": _kafka,
    "workers": _workers,
    "beat": _beat,
    "relay": _relay,
    "unpublished events": _unpublished,
    "parked events": _parked,
    "overdue reminders": _reminders,
    "overdue series": _series,
    "failed deliveries": _deliveries,
}
