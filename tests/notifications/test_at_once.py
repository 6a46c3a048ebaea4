"""Several workers at the same time."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from accounts.services import update_account
from bridges.models import Event
from notifications_app import services
from notifications_app.models import Notification, Reminder
from recurrence_app.services import create_series, spawn_due
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.notifications.conftest import ReminderOf
from tests.notifications.mailbox import Mailbox
from tests.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T]:
    """Run `works` in threads that start together, each with a connection of its own."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        start.wait(5)
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_two_scans_share_the_reminders_and_double_none(
    due_task: Task, bob: User, task_of: TaskOf, reminder_of: ReminderOf, now: datetime
) -> None:
    for owner in (due_task.user, bob):
        for _ in range(15):
            reminder_of(task_of(owner, due_at=now, due_timezone="UTC"))

    def scan() -> int:
        return services.fire_due_reminders(now=now, limit=4)

    fired = [*at_once(scan, scan, scan), scan()]

    assert sum(fired) == 30
    assert Notification.objects.count() == 30
    assert Event.objects.filter(type="reminder.due.v1").count() == 30


def test_of_two_deliveries_one_sends(
    notification: Notification, mailbox: Mailbox, now: datetime
) -> None:
    def deliver() -> None:
        services.deliver(notification_id=notification.pk, now=now)

    at_once(*[deliver] * 6)

    assert len(mailbox.received) == 1
    assert Event.objects.filter(type="notification.sent.v1").count() == 1


def test_the_scan_leaves_out_a_task_that_somebody_is_changing(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    """It does not wait, so it cannot deadlock; the next tick has the reminder, or has not."""
    reminder_of(due_task)

    with transaction.atomic():
        tasks.complete_task(task=due_task, actor=due_task.user, now=now)
        assert at_once(lambda: services.fire_due_reminders(now=now)) == [0]

    assert services.fire_due_reminders(now=now) == 0
    assert not Notification.objects.exists()


def test_moving_a_task_while_scans_run_neither_deadlocks_nor_doubles(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)
    times = [now + timedelta(minutes=minute) for minute in range(1, 21)]

    def move() -> None:
        for due_at in times:
            tasks.update_task(
                task=due_task, actor=due_task.user, now=now, changes={"due_at": due_at}
            )

    def scan() -> None:
        for due_at in times:
            services.fire_due_reminders(now=due_at)

    at_once(move, scan, scan)
    services.fire_due_reminders(now=times[-1])

    assert Reminder.objects.get().state == "fired"
    fired_for = list(Notification.objects.values_list("fire_at", flat=True))
    assert len(fired_for) == len(set(fired_for))
    assert times[-1] in fired_for


def test_a_task_that_is_just_being_completed_takes_no_reminder(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    def schedule() -> None:
        try:
            reminder_of(due_task)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            tasks.complete_task(task=due_task, actor=due_task.user, now=now)
            scheduling = pool.submit(schedule)
            wait_for(_somebody_waits_for_a_lock, what="the reminder behind the completion")
        with pytest.raises(services.ReminderRefused, match="closed"):
            scheduling.result(5)

    assert not Reminder.objects.exists()


def test_a_task_that_becomes_all_day_while_its_owner_moves_reminds_by_the_new_zone(
    alice: User, due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder = reminder_of(due_task, offset_minutes=540)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            changes = {"due_date": date(2031, 3, 2)}
            tasks.update_task(task=due_task, actor=alice, now=now, changes=changes)
            moving = pool.submit(_apart, lambda: _move_to("Asia/Tokyo", alice, now))
            wait_for(lambda: moving.done() or _somebody_waits_for_a_lock())
        moving.result(5)

    reminder.refresh_from_db()
    assert reminder.fire_at == datetime(2031, 3, 2, tzinfo=UTC)  # nine in the morning over there


def test_who_moves_while_a_series_goes_on_waits_for_it_or_comes_first(
    alice: User, now: datetime, reminder_of: ReminderOf
) -> None:
    """Completing a task takes its series' next one, the owner, and reminders, in this order."""
    create_series(
        owner=alice,
        actor=alice,
        now=now,
        title="Water the plants",
        start_date=date(2026, 3, 1),
        recurrence_type="daily",
        trigger="completion",
        reminders=[{"offset_minutes": 540}],
    )
    spawn_due(now=now)
    task = Task.objects.get()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            User.objects.locked(alice)
            completing = pool.submit(
                _apart, lambda: tasks.complete_task(task=task, actor=alice, now=now)
            )
            wait_for(_somebody_waits_for_a_lock)
            _move_to("Asia/Tokyo", alice, now)
        completing.result(5)

    coming = Reminder.objects.get(state="scheduled")
    assert coming.fire_at == datetime(2026, 3, 2, tzinfo=UTC)


def _move_to(zone: str, user: User, now: datetime) -> None:
    update_account(user=user, actor=user, now=now, changes={"time_zone": zone})


def _apart(work: Callable[[], T]) -> T:
    try:
        return work()
    finally:
        connections.close_all()


def _somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot()"
        )  # or a transaction sees the first for ever
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_the_last_free_place_of_a_task_is_given_once(
    due_task: Task, reminder_of: ReminderOf
) -> None:
    for _ in range(19):
        reminder_of(due_task)

    def another() -> bool:
        try:
            return bool(reminder_of(due_task))
        except services.ReminderRefused:
            return False

    assert sorted(at_once(another, another, another)) == [False, False, True]
