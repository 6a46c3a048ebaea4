"""`status`: what is down, late or stopped is named, and the exit code tells."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from bridges.leadership import Leadership
from bridges.models import Event
from notifications_app import services
from notifications_app.models import Notification, NotificationStatus
from recurrence_app.models import RecurringTask
from recurrence_app.services import create_series
from tasks_app.models import Task
from tests.waiting import wait_for
from todo_project import jobs

ROOT = Path(__file__).parents[2]
LIGHT = ["--pool", "solo", "--without-gossip", "--without-mingle"]
TaskOf = Callable[..., Task]
Checks = dict[str, dict[str, Any]]


def status() -> tuple[int, Checks]:
    """The exit code and the checks by name."""
    out = StringIO()
    code: Any = 0
    try:
        call_command("status", "--json", stdout=out)
    except SystemExit as exit_:
        code = exit_.code
    return code, by_name(out.getvalue())


def by_name(output: str) -> Checks:
    return {check["name"]: check for check in json.loads(output)["checks"]}


@pytest.mark.django_db(transaction=True)
def test_all_is_well_while_everything_runs() -> None:
    def well() -> bool:
        jobs.heartbeat()
        return status()[0] == 0

    with leader(), worker():
        wait_for(well, seconds=30, what="a good status")


@pytest.mark.django_db(transaction=True)
def test_processes_that_do_not_run_are_named_with_what_to_do() -> None:
    code, checks = status()

    assert code == 1
    assert checks["database"]["ok"]
    assert checks["redis"]["ok"]
    assert checks["kafka"]["ok"]
    assert checks["workers"]["detail"] == "no worker answers; start worker and worker-ticks"
    assert checks["beat"]["detail"] == "no tick was seen; start beat and worker-ticks"
    assert checks["relay"]["detail"] == "nobody leads; start relay"


@pytest.mark.django_db(transaction=True)
def test_an_event_that_waits_too_long_is_counted(alice: User, task_of: TaskOf) -> None:
    task_of(alice)
    Event.objects.update(created_at=timezone.now() - timedelta(minutes=1))

    waiting = status()[1]["unpublished events"]
    assert not waiting["ok"]
    assert waiting["detail"].startswith("1, the oldest recorded 60 s ago")


@pytest.mark.django_db(transaction=True)
def test_an_event_that_was_just_recorded_is_no_fault(alice: User, task_of: TaskOf) -> None:
    task_of(alice)
    Event.objects.update(created_at=timezone.now())

    assert status()[1]["unpublished events"]["ok"]


@pytest.mark.django_db(transaction=True)
def test_a_parked_event_is_a_fault_until_an_operator_decides(alice: User, task_of: TaskOf) -> None:
    task_of(alice)
    Event.objects.update(parked_at=timezone.now(), parked_reason="too large", held=True)
    assert not status()[1]["parked events"]["ok"]

    Event.objects.update(published_at=timezone.now())
    assert status()[1]["parked events"]["ok"]


@pytest.mark.django_db(transaction=True)
def test_a_reminder_that_did_not_fire_is_overdue(alice: User, task_of: TaskOf) -> None:
    now = timezone.now()
    task = task_of(alice)
    services.schedule_reminder(task=task, actor=alice, now=now, at=now)
    assert status()[1]["overdue reminders"]["ok"]

    task.reminders.update(fire_at=now - timedelta(seconds=11))
    assert status()[1]["overdue reminders"]["detail"].startswith("1;")


@pytest.mark.django_db(transaction=True)
def test_a_series_that_made_nothing_is_overdue(alice: User) -> None:
    now = timezone.now()
    create_series(
        owner=alice,
        actor=alice,
        now=now,
        title="Water the plants",
        recurrence_type="daily",
        start_date=now.date(),
    )
    assert status()[1]["overdue series"]["ok"]

    RecurringTask.objects.update(spawn_at=now - timedelta(seconds=121))
    assert status()[1]["overdue series"]["detail"].startswith("1;")


@pytest.mark.django_db(transaction=True)
def test_a_failed_delivery_is_told(alice: User, task_of: TaskOf) -> None:
    now = timezone.now()
    services.schedule_reminder(task=task_of(alice), actor=alice, now=now, at=now)
    services.fire_due_reminders(now=now)
    Notification.objects.update(status=NotificationStatus.FAILED, error="550 no such user")

    assert status()[1]["failed deliveries"]["detail"].startswith("1;")


@pytest.mark.parametrize("frozen", [False, True], ids=["down", "frozen"])
def test_it_answers_soon_when_every_part_is_away(frozen: bool) -> None:
    with silent_port(listening=frozen) as port:
        run = manage("status", "--json", port=port)

    assert run.returncode == 1, run.stderr
    assert "Traceback" not in run.stderr
    assert len(by_name(run.stdout)) == 11
    assert not any(check["ok"] for check in by_name(run.stdout).values())
    assert not any("broke" in check["detail"] for check in by_name(run.stdout).values())
    assert json.loads(run.stdout)["seconds"] < 5


def test_the_lines_for_people_are_aligned() -> None:
    with silent_port(listening=False) as port:
        run = manage("status", port=port)

    lines = run.stdout.splitlines()
    assert len(lines) == 11
    assert len({line.index("WRONG") for line in lines}) == 1


@contextlib.contextmanager
def leader() -> Iterator[None]:
    leadership = Leadership()
    try:
        assert leadership.acquire()
        # Its session would end after three idle seconds: here nobody speaks for it.
        leadership.session.execute("SET idle_session_timeout = 0")
        yield
    finally:
        leadership.close()


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """A real Celery worker for all queues."""
    queues = "ticks,notifications,recurrence,default"
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "todo_project", "worker", "-Q", queues, *LIGHT],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def manage(*arguments: str, port: int) -> subprocess.CompletedProcess[str]:
    """manage.py with every address at one port of this machine."""
    at = f"127.0.0.1:{port}"
    addresses = {
        "DATABASE_URL": f"postgres://nobody@{at}/none",
        "REDIS_URL": f"redis://{at}/0",
        "KAFKA_BOOTSTRAP": at,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=os.environ | addresses,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@contextlib.contextmanager
def silent_port(*, listening: bool) -> Iterator[int]:
    """A port that refuses connections or, listening, takes them and never says a word."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if listening:
            taken.listen(50)
        yield taken.getsockname()[1]
