"""One occurrence is left out or moved."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from bridges.models import Event
from notifications_app.models import Reminder
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def series(alice: User, series_of: SeriesOf) -> RecurringTask:
    """Daily at nine; today's task is there."""
    series = series_of(alice, due_time=time(9))
    services.spawn_due(now=NOW)
    return series


def skip(series: RecurringTask, day: int, **more: Any) -> RecurringTask:
    return services.skip_occurrence(
        series=series, actor=series.user, now=NOW, occurrence=date(2026, 3, day), **more
    )


def move(series: RecurringTask, day: int, to: Any) -> RecurringTask:
    return services.move_occurrence(
        series=series, actor=series.user, now=NOW, occurrence=date(2026, 3, day), to=to
    )


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour)  # noqa: DTZ001 - wall time


def days() -> list[str]:
    return [name[5:10] for name in Task.objects.order_by("pk").values_list("occurrence", flat=True)]


def run(days: int) -> None:
    for day in range(days):
        services.spawn_due(now=NOW + day * DAY)


def test_the_next_is_skipped_and_the_series_points_behind_it(series: RecurringTask) -> None:
    skipped = skip(series, 2)
    assert skipped.exdates == ["2026-03-02T09:00:00"]
    assert skipped.next_due_at == date(2026, 3, 3)
    run(4)
    assert days() == ["03-01", "03-03", "03-04"]
    event = Event.objects.get(type="recurring-task.updated.v1")
    assert event.payload["changed"] == ["exdates"]


def test_a_later_one_is_skipped(series: RecurringTask) -> None:
    assert skip(series, 3).next_due_at == date(2026, 3, 2)
    run(4)
    assert days() == ["03-01", "03-02", "03-04"]


def test_its_open_task_is_cancelled(series: RecurringTask) -> None:
    skip(series, 1)
    assert Task.objects.get().status == "cancelled"
    assert Event.objects.filter(type="task.cancelled.v1").count() == 1


def test_skipped_twice_is_skipped_once(series: RecurringTask) -> None:
    skip(series, 2)
    assert skip(series, 2).version == 3
    assert Event.objects.filter(type="recurring-task.updated.v1").count() == 1


def test_the_open_task_of_a_series_on_completion_gives_way_to_the_next(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, trigger="completion")
    services.spawn_due(now=NOW)
    skipped = skip(series, 1)
    assert Task.objects.get(status="pending").occurrence == "2026-03-02"
    assert skipped.last_occurrence == "2026-03-02"


def test_what_is_no_occurrence_or_over_is_refused(alice: User, series: RecurringTask) -> None:
    with pytest.raises(ValidationError, match="no such"):
        services.skip_occurrence(series=series, actor=alice, now=NOW, occurrence=at(2, 10))
    tasks.complete_task(task=Task.objects.get(), actor=alice, now=NOW)
    with pytest.raises(ValidationError, match="over"):
        skip(series, 1)
    with pytest.raises(ValidationError, match="over"):
        move(series, 1, at(2))


def test_one_is_moved_to_a_later_day_and_is_made_there(series: RecurringTask) -> None:
    moved = move(series, 2, at(4, 12))
    assert moved.moved == {"2026-03-02T09:00:00": "2026-03-04T12:00:00"}
    assert moved.next_due_at == date(2026, 3, 3)
    run(3)
    assert days() == ["03-01", "03-03"]
    run(5)
    assert sorted(days()) == ["03-01", "03-02", "03-03", "03-04", "03-05"]
    task = Task.objects.get(occurrence="2026-03-02T09:00:00")
    assert task.due_at == datetime(2026, 3, 4, 11, tzinfo=UTC)
    assert task.created_at == NOW + 3 * DAY


def test_one_is_moved_to_an_earlier_day(series: RecurringTask) -> None:
    moved = move(series, 5, at(2, 8))
    assert (moved.next_due_at, moved.next_occurrence) == (date(2026, 3, 2), "2026-03-02T09:00:00")
    run(2)
    assert days() == ["03-01", "03-05", "03-02"]
    run(6)
    assert sorted(days()) == [f"03-0{day}" for day in range(1, 7)]


def test_the_open_task_of_a_moved_one_follows_with_its_reminders(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, due_time=time(18), reminders=[{"offset_minutes": -60}])
    services.spawn_due(now=NOW)
    move(series, 1, at(3, 12))

    task = Task.objects.get()
    assert task.due_at == datetime(2026, 3, 3, 11, tzinfo=UTC)
    assert task.occurrence == "2026-03-01T18:00:00"
    assert Reminder.objects.get().fire_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    run(4)
    assert days() == ["03-01", "03-02", "03-03", "03-04"]


def test_it_can_be_moved_again_and_back_and_be_left_out(series: RecurringTask) -> None:
    move(series, 2, at(4))
    move(series, 2, at(5))
    move(series, 2, at(2))
    run(3)
    assert days() == ["03-01", "03-02", "03-03"]
    move(series, 5, at(4))
    assert skip(series, 5).moved == {"2026-03-02T09:00:00": "2026-03-02T09:00:00"}
    run(6)
    assert days() == ["03-01", "03-02", "03-03", "03-04", "03-06"]


def test_a_moved_one_that_was_missed_is_caught_up_with(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, rrule="FREQ=WEEKLY;BYDAY=MO", catch_up="skip")
    move(series, 2, date(2026, 3, 4))
    services.spawn_due(now=NOW + 4 * DAY)
    series.refresh_from_db()
    assert (days(), series.left_out, series.waiting) == ([], 1, [])


@pytest.mark.parametrize(
    ("day", "to", "field"),
    [
        (2, date(2026, 3, 3), "to"),  # without the time that the others have
        (2, datetime(2026, 2, 28, 9), "to"),  # noqa: DTZ001 - over
        (2, datetime(2026, 6, 1, 9), "to"),  # noqa: DTZ001 - behind the end
        (2, datetime(2201, 1, 1, 9), "to"),  # noqa: DTZ001
        (31, datetime(2026, 3, 3, 9), "occurrence"),  # noqa: DTZ001 - the series has ended
    ],
)
def test_what_cannot_be_moved_so_is_refused(
    alice: User, series_of: SeriesOf, day: int, to: Any, field: str
) -> None:
    series = series_of(alice, due_time=time(9), end_date=date(2026, 3, 30))
    with pytest.raises(ValidationError) as refusal:
        move(series, day, to)
    assert list(refusal.value.message_dict) == [field]


def test_one_that_was_left_out_in_an_outage_cannot_be_moved(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, catch_up="skip")
    services.spawn_due(now=NOW + 5 * DAY)
    with pytest.raises(ValidationError, match="over"):
        move(series, 3, date(2026, 3, 9))


def test_on_completion_only_what_has_its_task_is_moved(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, trigger="completion")
    services.spawn_due(now=NOW)
    with pytest.raises(ValidationError, match="not known"):
        move(series, 2, date(2026, 3, 3))
    move(series, 1, date(2026, 3, 5))
    task = Task.objects.get()
    assert task.due_date == date(2026, 3, 5)
    tasks.complete_task(task=task, actor=alice, now=NOW)
    assert days() == ["03-01", "03-02"]


def test_an_edited_task_remembers_its_occurrence(alice: User, series: RecurringTask) -> None:
    tasks.update_task(
        task=Task.objects.get(), actor=alice, now=NOW, changes={"due_date": date(2026, 3, 9)}
    )
    assert Task.objects.get().occurrence == "2026-03-01T09:00:00"
    run(3)
    assert days() == ["03-01", "03-02", "03-03"]


def test_on_another_time_of_day_moved_ones_keep_their_days(series: RecurringTask) -> None:
    move(series, 3, at(5))
    changed = services.update_series(
        series=series, actor=series.user, now=NOW, changes={"due_time": time(18)}
    )
    assert changed.moved == {"2026-03-03T18:00:00": "2026-03-05T18:00:00"}
    run(6)
    assert sorted(days()) == [f"03-0{day}" for day in range(1, 7)]
