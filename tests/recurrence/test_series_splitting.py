"""This occurrence and all that follow."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from bridges.models import Event
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def split(series: RecurringTask, at: Any, now: datetime = NOW, **changes: Any) -> RecurringTask:
    return services.split_series(
        series=series, actor=series.user, now=now, occurrence=at, changes=changes
    )


def days_of(series: RecurringTask) -> list[str]:
    made = Task.objects.filter(recurring_task_id=series.pk).order_by("occurrence")
    return [name[5:10] for name in made.values_list("occurrence", flat=True)]


def run(days: int) -> None:
    for day in range(days):
        services.spawn_due(now=NOW + day * DAY)


def test_the_old_one_ends_before_it_and_the_new_one_begins_with_it(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, due_time=time(9))
    new = split(series, date(2026, 3, 4), title="Water the garden")

    series.refresh_from_db()
    assert (series.end_date, series.title) == (date(2026, 3, 3), "Water the plants")
    assert (new.start_date, new.due_time, new.title) == (
        date(2026, 3, 4),
        time(9),
        "Water the garden",
    )
    run(6)
    assert days_of(series) == ["03-01", "03-02", "03-03"]
    assert days_of(new) == ["03-04", "03-05", "03-06"]
    updated, created = (
        Event.objects.filter(type__startswith="recurring-task.")
        .exclude(type="recurring-task.due.v1")
        .order_by("seq")[1:3]
    )
    assert (updated.type, updated.payload["changed"]) == (
        "recurring-task.updated.v1",
        ["end_date"],
    )
    assert created.payload["split_from"] == str(series.pk)


def test_open_tasks_from_there_on_move_and_those_that_are_over_stay(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, create_ahead=4, due_time=time(9))
    services.spawn_due(now=NOW)
    done = Task.objects.get(occurrence__startswith="2026-03-04")
    tasks.complete_task(task=done, actor=alice, now=NOW)

    new = split(series, date(2026, 3, 3), title="{day}", priority=4, due_time=time(18))

    assert days_of(series) == ["03-01", "03-02", "03-04"]
    assert days_of(new) == ["03-03", "03-05"]
    moved = Task.objects.get(occurrence="2026-03-03T09:00:00")  # as it was made
    assert (moved.title, moved.priority) == ("03", 4)
    assert moved.due_at == datetime(2026, 3, 3, 17, tzinfo=UTC)
    assert set(
        Event.objects.filter(type="task.updated.v1", aggregateid=str(moved.pk))
        .get()
        .payload["changed"]
    ) == {"recurring_task_id", "title", "priority", "due_at"}
    run(8)
    assert days_of(series) == ["03-01", "03-02", "03-04"], "it has ended"
    assert days_of(new) == ["03-03", "03-05", *(f"03-{day:02}" for day in range(6, 13))]


@pytest.mark.parametrize(
    ("fields", "at", "then"),
    [
        (  # the 31st comes back, whichever month it is split in
            {"start_date": date(2026, 1, 31), "recurrence_type": "monthly"},
            date(2026, 4, 30),
            ["2026-04-30", "2026-05-31", "2026-06-30"],
        ),
        (
            {"start_date": date(2024, 2, 29), "recurrence_type": "yearly"},
            date(2027, 2, 28),
            ["2027-02-28", "2028-02-29", "2029-02-28"],
        ),
        (
            {"rrule": "FREQ=DAILY;COUNT=5"},
            date(2026, 3, 4),
            ["2026-03-04", "2026-03-05"],
        ),
        (
            {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU", "start_date": date(2026, 3, 3)},
            date(2026, 3, 8),
            ["2026-03-08", "2026-03-17", "2026-03-22"],
        ),
        (
            {"exdates": [date(2026, 3, 2), date(2026, 3, 6)], "end_date": date(2026, 3, 8)},
            date(2026, 3, 5),
            ["2026-03-05", "2026-03-07", "2026-03-08"],
        ),
        (
            {"rrule": "FREQ=WEEKLY;BYDAY=SU", "rdates": [date(2026, 3, 4), date(2026, 3, 10)]},
            date(2026, 3, 4),
            ["2026-03-04", "2026-03-08", "2026-03-10"],
        ),
    ],
    ids=["month ends", "leap days", "count", "every other week", "exdates", "rdates"],
)
def test_without_changes_the_days_are_what_they_were(
    alice: User, series_of: SeriesOf, fields: dict[str, Any], at: date, then: list[str]
) -> None:
    series = series_of(alice, **fields)
    whole = [
        each.local for each, _ in zip(series.schedule().occurrences(), range(60), strict=False)
    ]
    new = split(series, at)
    series.refresh_from_db()
    before = list(series.schedule().occurrences())
    after = [each.local for each, _ in zip(new.schedule().occurrences(), range(60), strict=False)]

    assert [str(day) for day in after[: len(then)]] == then
    assert ([each.local for each in before] + after)[:60] == whole


def test_it_parts_a_day_with_several(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, rrule="FREQ=DAILY;BYHOUR=9,15;COUNT=6", due_time=time(9))
    new = split(series, datetime(2026, 3, 2, 15))  # noqa: DTZ001
    series.refresh_from_db()

    assert [each.local.isoformat() for each in series.schedule().occurrences()] == [
        "2026-03-01T09:00:00",
        "2026-03-01T15:00:00",
        "2026-03-02T09:00:00",
    ]
    assert len(list(new.schedule().occurrences())) == 3


def test_another_rule_begins_there(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice)
    new = split(series, date(2026, 3, 4), rrule="FREQ=WEEKLY;BYDAY=FR")
    run(14)
    assert days_of(series) == ["03-01", "03-02", "03-03"]
    assert days_of(new) == ["03-06", "03-13"]


def test_moved_and_waiting_ones_go_along(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice)
    services.move_occurrence(
        series=series, actor=alice, now=NOW, occurrence=date(2026, 3, 5), to=date(2026, 3, 7)
    )
    new = split(series, date(2026, 3, 4))
    series.refresh_from_db()
    assert (series.moved, series.waiting) == ({}, [])
    run(8)
    assert days_of(new) == ["03-04", "03-05", "03-06", "03-07", "03-08"]


def test_on_completion_the_open_task_drives_the_new_series(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, trigger="completion")
    services.spawn_due(now=NOW)
    tasks.complete_task(task=Task.objects.get(), actor=alice, now=NOW)
    new = split(series, date(2026, 3, 2), title="New")

    assert new.spawn_at is None
    tasks.complete_task(task=Task.objects.get(status="pending"), actor=alice, now=NOW)
    series.refresh_from_db()
    assert (days_of(series), days_of(new)) == (["03-01"], ["03-02", "03-03"])
    assert (series.next_due_at, series.spawn_at) == (None, None)


def test_where_it_cannot_be_split_is_said(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, rrule="FREQ=WEEKLY;BYDAY=SU,MO;COUNT=4", rdates=[date(2026, 3, 20)])
    for at, said in [
        (date(2026, 3, 1), "begins with"),
        (date(2026, 3, 3), "no such"),
        (date(2026, 3, 20), "come to its end"),
    ]:
        with pytest.raises(ValidationError, match=said):
            split(series, at)
    with pytest.raises(ValidationError):
        split(series, date(2026, 3, 2), end_date=date(2026, 3, 1))
    assert RecurringTask.objects.count() == 1


def test_another_interval_keeps_what_else_the_rule_says(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, recurrence_type="monthly", start_date=date(2027, 1, 31))

    new = split(series, date(2027, 2, 28), recurrence_interval=2)

    days = [each.local for each in islice(new.schedule().occurrences(), 4)]
    assert days == [date(2027, 2, 28), date(2027, 4, 30), date(2027, 6, 30), date(2027, 8, 31)]
