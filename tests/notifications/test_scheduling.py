from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from bridges.models import Event
from notifications_app import services
from notifications_app.models import Reminder
from notifications_app.services.reminders import MOST_A_TASK
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.notifications.conftest import ReminderOf

pytestmark = pytest.mark.django_db


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "offset_minutes", "fires_at"),
    [
        ({"due_at": utc(2026, 6, 1, 8)}, -15, utc(2026, 6, 1, 7, 45)),
        ({"due_at": utc(2026, 6, 1, 8)}, 0, utc(2026, 6, 1, 8)),
        # The day begins in Berlin.
        ({"due_date": date(2026, 6, 1)}, 0, utc(2026, 5, 31, 22)),
        ({"due_date": date(2026, 6, 1)}, -1440, utc(2026, 5, 30, 22)),
        # Nine in the morning, on the days of the clock changes too.
        ({"due_date": date(2026, 3, 29)}, 540, utc(2026, 3, 29, 7)),
        ({"due_date": date(2026, 10, 25)}, 540, utc(2026, 10, 25, 8)),
        # 02:30 is skipped: read with the offset before. 02:30 comes twice: the first.
        ({"due_date": date(2026, 3, 29)}, 150, utc(2026, 3, 29, 1, 30)),
        ({"due_date": date(2026, 10, 25)}, 150, utc(2026, 10, 25, 0, 30)),
    ],
)
def test_a_relative_reminder_fires_so_far_from_the_due_time(
    alice: User,
    task_of: TaskOf,
    reminder_of: ReminderOf,
    due: dict[str, Any],
    offset_minutes: int,
    fires_at: datetime,
) -> None:
    zone = {"due_timezone": "Europe/Berlin"} if "due_at" in due else {}

    reminder = reminder_of(task_of(alice, **due, **zone), offset_minutes=offset_minutes)

    assert reminder.fire_at == fires_at


def test_a_scheduled_reminder_is_told_of(due_task: Task, reminder_of: ReminderOf) -> None:
    reminder = reminder_of(due_task)

    event = Event.objects.get(type="reminder.scheduled.v1")
    assert (event.aggregatetype, event.aggregateid) == ("reminder", str(reminder.pk))
    assert event.actor_id == event.user_id == due_task.user_id
    assert event.payload["fire_at"] == "2026-03-01T09:00:00+00:00"


def test_a_relative_reminder_of_a_task_without_a_due_time_waits(
    alice: User, task_of: TaskOf, reminder_of: ReminderOf
) -> None:
    reminder = reminder_of(task_of(alice))

    assert (reminder.state, reminder.fire_at) == ("scheduled", None)


def test_less_than_a_minute_ago_is_soon_enough(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    assert reminder_of(due_task, at=now - timedelta(seconds=59)).state == "scheduled"


@pytest.mark.parametrize(
    ("when", "field"),
    [
        (lambda now: {"at": now - timedelta(seconds=61)}, "at"),
        (lambda _: {"offset_minutes": -2}, "offset_minutes"),
    ],
)
def test_a_time_that_has_passed_is_refused(
    due_task: Task,
    reminder_of: ReminderOf,
    now: datetime,
    when: Callable[[datetime], dict[str, Any]],
    field: str,
) -> None:
    with pytest.raises(services.ReminderRefused, match="passed") as refused:
        reminder_of(due_task, **when(now))

    assert refused.value.field == field
    assert not Reminder.objects.exists()


def test_a_task_has_no_more_than_its_number_of_reminders(
    due_task: Task, reminder_of: ReminderOf
) -> None:
    for _ in range(MOST_A_TASK):
        reminder_of(due_task)

    with pytest.raises(services.ReminderRefused, match="at the most"):
        reminder_of(due_task)


def test_a_closed_task_takes_no_reminder(
    alice: User, task_of: TaskOf, reminder_of: ReminderOf, now: datetime
) -> None:
    with pytest.raises(services.ReminderRefused, match="closed"):
        reminder_of(task_of(alice, status="cancelled"), at=now)


def test_a_cancelled_reminder_is_gone_and_told_of(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder = reminder_of(due_task)

    services.cancel_reminder(reminder=reminder, actor=due_task.user, now=now)

    assert not Reminder.objects.exists()
    assert Event.objects.filter(type="reminder.cancelled.v1").count() == 1
    assert services.fire_due_reminders(now=now) == 0


def test_taking_back_one_that_has_fired_calls_nothing_off(
    due_task: Task, reminder_of: ReminderOf, now: datetime
) -> None:
    reminder = reminder_of(due_task)
    services.fire_due_reminders(now=now)

    services.cancel_reminder(reminder=reminder, actor=due_task.user, now=now)

    assert not Event.objects.filter(type="reminder.cancelled.v1").exists()
