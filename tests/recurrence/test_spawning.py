"""Series whose day has come make their tasks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bridges.models import Event
from notifications_app.models import Reminder
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def days() -> list[str]:
    return list(Task.objects.order_by("occurrence").values_list("occurrence", flat=True))


def test_a_task_has_what_the_template_says(alice: User, series_of: SeriesOf) -> None:
    series = series_of(
        alice,
        title="Report {{of}} {weekday}, {day}.{month}.{year} ({month_name}, week {week}, {date})",
        description="As {always}",
        priority=4,
        tags=["work", "home"],
        due_time=time(9),
    )

    assert services.spawn_due(now=NOW) == 1

    task = Task.objects.get()
    assert task.title == "Report {of} Sunday, 01.03.2026 (March, week 09, 2026-03-01)"
    assert (task.description, task.priority) == ("As {always}", 4)
    assert task.tag_names() == ["home", "work"]
    assert (task.due_at, task.due_timezone) == (
        datetime(2026, 3, 1, 8, tzinfo=UTC),
        "Europe/Berlin",
    )
    assert (task.recurring_task_id, task.occurrence) == (series.pk, "2026-03-01T09:00:00")
    assert (task.user, task.is_recurring, task.created_at) == (alice, True, NOW)


def test_an_all_day_series_makes_all_day_tasks(alice: User, series_of: SeriesOf) -> None:
    series_of(alice)
    services.spawn_due(now=NOW)
    task = Task.objects.get()
    assert (task.due_date, task.due_at, task.occurrence) == (date(2026, 3, 1), None, "2026-03-01")


def test_the_series_goes_on_and_tells_when_it_ran(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice)
    services.spawn_due(now=NOW)

    series.refresh_from_db()
    assert (series.next_due_at, series.next_occurrence) == (date(2026, 3, 2), "2026-03-02")
    assert series.spawn_at == datetime(2026, 3, 1, 23, tzinfo=UTC)
    assert (series.last_created_at, series.last_run_at) == (NOW, NOW)
    assert (series.made, series.left_out, series.version) == (1, 0, 2)


def test_a_day_makes_its_task_as_it_begins_in_the_zone(alice: User, series_of: SeriesOf) -> None:
    series_of(alice, start_date=date(2026, 3, 2), timezone="America/New_York", due_time=time(22))
    midnight = datetime(2026, 3, 2, 5, tzinfo=UTC)

    assert services.spawn_due(now=midnight - timedelta(seconds=1)) == 0
    assert services.spawn_due(now=midnight) == 1
    assert services.spawn_due(now=midnight) == 0
    assert Task.objects.get().due_at == datetime(2026, 3, 3, 3, tzinfo=UTC)


def test_created_ahead_it_makes_the_days_of_that_time(alice: User, series_of: SeriesOf) -> None:
    series_of(alice, create_ahead=3)
    services.spawn_due(now=NOW)
    assert days() == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]
    services.spawn_due(now=NOW + DAY)
    assert days()[4:] == ["2026-03-05"]


def test_a_year_ahead_is_made_in_one_run_and_nothing_of_it_is_left_out(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, create_ahead=365)
    assert services.spawn_due(now=NOW, seconds=30) == 366
    series.refresh_from_db()
    assert series.left_out == 0


def test_more_than_fifty_a_day_are_all_made(alice: User, series_of: SeriesOf) -> None:
    quarters = "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,15,30,45"
    series_of(alice, rrule=quarters, due_time=time(0), start_date=date(2026, 2, 1))
    assert services.spawn_due(now=NOW, seconds=30) == 96


def test_each_task_has_its_two_events_in_order(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, reminders=[{"offset_minutes": 540}])
    services.spawn_due(now=NOW)

    task = Task.objects.get()
    _, created, due, *_ = Event.objects.order_by("seq")
    assert (created.type, created.payload["occurrence"]) == ("task.created.v1", "2026-03-01")
    assert created.payload["is_recurring"] is True
    assert (due.type, due.aggregateid) == ("recurring-task.due.v1", str(series.pk))
    assert (due.user_id, due.actor_id) == (alice.pk, None)
    assert due.payload == {
        "recurring_task_id": str(series.pk),
        "task_id": task.pk,
        "user_id": str(alice.pk),
        "title": "Water the plants",
        "occurrence": "2026-03-01",
        "due_date": "2026-03-01",
        "due_at": None,
        "due_timezone": None,
        "is_recurring": True,
        "reminders": [{"offset_minutes": 540}],
        "created_at": "2026-03-01T09:00:00+00:00",
    }


def test_its_reminders_are_set_with_the_task(alice: User, series_of: SeriesOf) -> None:
    series_of(
        alice,
        start_date=date(2026, 3, 2),
        due_time=time(9),
        reminders=[{"offset_minutes": -60}, {"offset_minutes": 0}],
    )
    services.spawn_due(now=NOW + DAY)

    fires = Reminder.objects.order_by("fire_at").values_list("fire_at", "state", "task__occurrence")
    nine = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert list(fires) == [
        (nine - timedelta(hours=1), "scheduled", "2026-03-02T09:00:00"),
        (nine, "scheduled", "2026-03-02T09:00:00"),
    ]
    assert Event.objects.filter(type="reminder.scheduled.v1").count() == 2


def test_the_number_of_statements_is_the_same_for_one_and_for_many(
    alice: User, bob: User, series_of: SeriesOf
) -> None:
    def fields(number: int) -> dict[str, Any]:
        return {"tags": [f"tag {number % 3}"], "reminders": [{"offset_minutes": 540}]}

    series_of(alice, **fields(0))
    one = _statements(NOW)
    for number in range(20):
        series_of((alice, bob)[number % 2], **fields(number))
    many = _statements(NOW)

    assert Task.objects.count() == 21
    assert len(many) <= len(one), "\n".join(many)


def _statements(now: datetime) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        services.spawn_due(now=now)
    return [query["sql"][:100] for query in queries]


def test_a_paused_series_makes_nothing(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice)
    services.pause_series(series=series, actor=alice, now=NOW)
    assert services.spawn_due(now=NOW + 9 * DAY) == 0


def test_nothing_is_made_behind_the_end(alice: User, series_of: SeriesOf) -> None:
    until = series_of(alice, rrule="FREQ=DAILY;UNTIL=20260303")
    count = series_of(alice, rrule="FREQ=DAILY;COUNT=3")
    end = series_of(alice, end_date=date(2026, 3, 3))
    for day in range(10):
        services.spawn_due(now=NOW + day * DAY)

    assert days() == [f"2026-03-0{day}" for day in (1, 1, 1, 2, 2, 2, 3, 3, 3)]
    for series in (until, count, end):
        series.refresh_from_db()
        assert (series.is_active, series.next_due_at, series.spawn_at) == (True, None, None)


def test_a_zone_that_has_changed_its_rules_moves_what_is_to_come(
    alice: User, series_of: SeriesOf
) -> None:
    """The local name decides; instants are looked up when the time has come."""
    series = series_of(alice, start_date=date(2026, 3, 2), due_time=time(9))
    stale = {"next_occurrence_at": NOW, "spawn_at": NOW}  # as older zone rules gave them
    RecurringTask.objects.filter(pk=series.pk).update(**stale)

    assert services.spawn_due(now=NOW) == 0
    series.refresh_from_db()
    assert series.next_occurrence_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert series.spawn_at == datetime(2026, 3, 1, 23, tzinfo=UTC)
