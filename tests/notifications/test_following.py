"""Reminders follow their tasks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from accounts.services import update_account
from bridges.models import Event
from notifications_app import services
from notifications_app.models import Notification
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.notifications.conftest import ReminderOf

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)

Move = Callable[[datetime | None], None]


@pytest.fixture
def move(due_task: Task, now: datetime) -> Move:
    """Give alice's task another due time, an hour after it was due."""

    def update(due_at: datetime | None) -> None:
        changes = {"due_at": due_at, "due_timezone": "Europe/Berlin" if due_at else ""}
        tasks.update_task(task=due_task, actor=due_task.user, now=now + HOUR, changes=changes)

    return update


def events(kind: str) -> int:
    return Event.objects.filter(type=kind).count()


def test_a_scheduled_one_moves_with_the_due_time(
    due_task: Task, reminder_of: ReminderOf, move: Move, now: datetime
) -> None:
    reminder = reminder_of(due_task, offset_minutes=30)

    move(now + 5 * HOUR)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.fire_at) == ("scheduled", now + 5.5 * HOUR)
    assert events("reminder.scheduled.v1") == 2


def test_an_absolute_one_stays_where_it_is(
    due_task: Task, reminder_of: ReminderOf, move: Move, now: datetime
) -> None:
    reminder = reminder_of(due_task, at=now + 2 * HOUR)

    move(now + 5 * HOUR)

    reminder.refresh_from_db()
    assert reminder.fire_at == now + 2 * HOUR
    assert events("reminder.scheduled.v1") == 1


def test_a_fired_one_comes_back_for_a_due_time_to_come_and_is_mailed_again(
    due_task: Task, reminder_of: ReminderOf, move: Move, now: datetime
) -> None:
    reminder = reminder_of(due_task)
    services.fire_due_reminders(now=now)

    move(now + 5 * HOUR)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.settled_at) == ("scheduled", None)
    assert services.fire_due_reminders(now=now + 5 * HOUR) == 1
    assert Notification.objects.count() == 2


def test_a_fired_one_stays_fired_when_the_due_time_moves_into_the_past(
    due_task: Task, reminder_of: ReminderOf, move: Move, now: datetime
) -> None:
    reminder = reminder_of(due_task)
    services.fire_due_reminders(now=now)

    move(now - 5 * HOUR)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.fire_at) == ("fired", now)


def test_a_scheduled_one_is_missed_when_the_due_time_moves_into_the_past(
    due_task: Task, reminder_of: ReminderOf, move: Move, now: datetime
) -> None:
    reminder = reminder_of(due_task, offset_minutes=120)

    move(now - 5 * HOUR)

    reminder.refresh_from_db()
    assert reminder.state == "missed"
    assert events("reminder.missed.v1") == 1
    assert services.fire_due_reminders(now=now + HOUR) == 0


def test_it_waits_while_there_is_no_due_time(
    due_task: Task, reminder_of: ReminderOf, move: Move, now: datetime
) -> None:
    reminder = reminder_of(due_task, offset_minutes=120)

    move(None)
    assert services.fire_due_reminders(now=now + 5 * HOUR) == 0

    move(now + 6 * HOUR)
    reminder.refresh_from_db()
    assert (reminder.state, reminder.fire_at) == ("scheduled", now + 8 * HOUR)


def test_another_title_moves_nothing(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task)

    tasks.update_task(task=due_task, actor=due_task.user, now=now, changes={"title": "Rent!"})

    assert events("reminder.scheduled.v1") == 1


@pytest.mark.parametrize("close", [tasks.complete_task, tasks.cancel_task])
def test_a_closed_task_reminds_of_nothing(
    due_task: Task, reminder_of: ReminderOf, now: datetime, close: tasks.Move
) -> None:
    reminder = reminder_of(due_task)

    close(task=due_task, actor=due_task.user, now=now)

    reminder.refresh_from_db()
    assert (reminder.state, reminder.settled_at) == ("cancelled", now)
    assert events("reminder.cancelled.v1") == 1
    assert services.fire_due_reminders(now=now) == 0


def test_completing_calls_off_the_mail_that_waits(
    due_task: Task, notification: Notification, now: datetime
) -> None:
    tasks.complete_task(task=due_task, actor=due_task.user, now=now)

    notification.refresh_from_db()
    assert (notification.status, notification.cancelled_at) == ("cancelled", now)


def test_a_reopened_task_has_its_reminders_to_come_again(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    past, to_come = reminder_of(due_task), reminder_of(due_task, at=now + 5 * HOUR)
    tasks.complete_task(task=due_task, actor=due_task.user, now=now)

    tasks.reopen_task(task=due_task, actor=due_task.user, now=now + HOUR)

    past.refresh_from_db()
    to_come.refresh_from_db()
    assert (past.state, to_come.state) == ("cancelled", "scheduled")


def test_the_history_outlives_a_deleted_task(
    due_task: Task, notification: Notification, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder_of(due_task, at=now + HOUR)

    tasks.delete_task(task=due_task, actor=due_task.user, now=now)

    notification.refresh_from_db()
    assert (notification.status, notification.task_id) == ("cancelled", None)
    assert events("reminder.cancelled.v1") == 1


def test_reminders_of_whole_days_follow_their_owner_to_another_zone(
    alice: User, task_of: TaskOf, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder = reminder_of(task_of(alice, due_date=date(2026, 6, 1)), offset_minutes=540)

    update_account(user=alice, actor=alice, now=now, changes={"time_zone": "America/New_York"})

    reminder.refresh_from_db()
    assert reminder.fire_at == datetime(2026, 6, 1, 13, tzinfo=UTC)
