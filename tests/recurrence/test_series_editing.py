"""A series is changed, paused, resumed and deleted."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from bridges.models import Event
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tasks_app.services import StaleVersion
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def series(alice: User, series_of: SeriesOf) -> RecurringTask:
    """Daily at nine; today's task is there."""
    series = series_of(alice, due_time=time(9))
    services.spawn_due(now=NOW)
    series.refresh_from_db()
    return series


def change(series: RecurringTask, now: datetime = NOW, **changes: Any) -> RecurringTask:
    return services.update_series(series=series, actor=series.user, now=now, changes=changes)


def types() -> list[str]:
    return [event.type for event in Event.objects.order_by("seq")]


def test_a_new_title_is_the_one_of_future_tasks(series: RecurringTask) -> None:
    changed = change(series, title="Water the garden")
    services.spawn_due(now=NOW + DAY)

    assert changed.version == series.version + 1
    titles = Task.objects.order_by("occurrence").values_list("title", flat=True)
    assert list(titles) == ["Water the plants", "Water the garden"]
    event = Event.objects.get(type="recurring-task.updated.v1")
    assert event.payload["changed"] == ["title"]


def test_what_is_the_same_changes_nothing(series: RecurringTask) -> None:
    before = types()
    assert change(series, title=series.title, due_time=time(9)).version == series.version
    assert types() == before


def test_another_time_of_day_begins_tomorrow_when_today_has_its_task(
    series: RecurringTask,
) -> None:
    changed = change(series, due_time=time(18))
    assert changed.next_occurrence == "2026-03-02T18:00:00"
    services.spawn_due(now=NOW + DAY)
    assert Task.objects.count() == 2


def test_another_rule_goes_on_from_now(series: RecurringTask) -> None:
    changed = change(series, rrule="FREQ=WEEKLY;BYDAY=WE")
    assert (changed.next_due_at, changed.is_simple) == (date(2026, 3, 4), False)
    again = change(changed, recurrence_type="monthly")
    assert (again.rrule, again.next_due_at) == ("FREQ=MONTHLY;SKIP=BACKWARD", date(2026, 4, 1))


def test_days_that_were_owed_are_not_made_by_another_rule(series: RecurringTask) -> None:
    changed = change(series, now=NOW + 5 * DAY, recurrence_interval=2)
    assert changed.next_due_at == date(2026, 3, 7)


def test_other_dates_leave_what_is_owed(series: RecurringTask) -> None:
    later = NOW + 5 * DAY
    changed = change(series, now=later, exdates=[date(2026, 3, 3)], end_date=date(2026, 3, 9))

    assert changed.exdates == ["2026-03-03T09:00:00"]
    assert changed.next_occurrence == "2026-03-02T09:00:00"
    services.spawn_due(now=later)
    assert Task.objects.count() == 5


def test_a_date_that_is_added_comes_in_its_turn(series: RecurringTask) -> None:
    changed = change(series, rrule="FREQ=WEEKLY;BYDAY=FR")
    again = change(changed, rdates=[datetime(2026, 3, 3, 7)])  # noqa: DTZ001
    assert again.next_occurrence == "2026-03-03T07:00:00"


def test_a_new_time_of_day_keeps_the_days_that_were_left_out(series: RecurringTask) -> None:
    changed = change(change(series, exdates=[date(2026, 3, 2)]), due_time=time(18))
    assert changed.exdates == ["2026-03-02T18:00:00"]
    assert change(changed, due_time=None).exdates == ["2026-03-02"]
    assert change(changed, due_time=time(9)).next_occurrence == "2026-03-03T09:00:00"


def test_an_end_that_is_put_off_brings_a_series_back(series: RecurringTask) -> None:
    ended = change(series, end_date=date(2026, 3, 1))
    assert (ended.next_due_at, ended.spawn_at) == (None, None)
    assert change(ended, end_date=None).next_due_at == date(2026, 3, 2)


def test_days_ahead_count_at_once(series: RecurringTask) -> None:
    change(series, create_ahead=2)
    assert services.spawn_due(now=NOW) == 2


def test_what_does_not_go_together_changes_nothing(series: RecurringTask) -> None:
    with pytest.raises(ValidationError) as refusal:
        change(series, end_date=date(2026, 2, 1))
    assert list(refusal.value.message_dict) == ["end_date"]
    series.refresh_from_db()
    assert (series.end_date, series.version) == (None, 2)


def test_a_stale_version_is_refused(series: RecurringTask) -> None:
    for service in (services.pause_series, services.resume_series, services.delete_series):
        with pytest.raises(StaleVersion):
            service(series=series, actor=series.user, now=NOW, version=1)


def test_resuming_goes_on_with_the_next_date_and_makes_no_flood(series: RecurringTask) -> None:
    paused = services.pause_series(series=series, actor=series.user, now=NOW)
    assert (paused.is_active, paused.spawn_at) == (False, None)
    later = datetime(2026, 3, 20, 8, 1, tzinfo=UTC)  # a minute behind today's time
    resumed = services.resume_series(series=paused, actor=series.user, now=later)

    assert (resumed.is_active, resumed.next_due_at) == (True, date(2026, 3, 21))
    assert services.spawn_due(now=later) == 0
    assert resumed.left_out == 0
    assert types()[-2:] == ["recurring-task.paused.v1", "recurring-task.resumed.v1"]


def test_resumed_on_the_day_of_its_task_it_makes_no_second_one(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice)
    services.spawn_due(now=NOW)
    services.pause_series(series=series, actor=alice, now=NOW)
    assert services.resume_series(series=series, actor=alice, now=NOW).next_due_at == date(
        2026, 3, 2
    )


def test_resumed_before_an_all_day_one_is_over_it_makes_it(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, start_date=date(2026, 3, 2))
    services.pause_series(series=series, actor=alice, now=NOW)
    noon = NOW + DAY
    services.resume_series(series=series, actor=alice, now=noon)
    assert services.spawn_due(now=noon) == 1


def test_counted_occurrences_pass_during_a_pause(alice: User, series_of: SeriesOf) -> None:
    """COUNT is of the rule, whatever was made of it."""
    series = series_of(alice, rrule="FREQ=DAILY;COUNT=5")
    services.pause_series(series=series, actor=alice, now=NOW)
    services.resume_series(series=series, actor=alice, now=NOW + 3 * DAY)
    services.spawn_due(now=NOW + 30 * DAY)
    assert Task.objects.count() == 2


def test_pausing_twice_tells_it_once(series: RecurringTask) -> None:
    for _ in range(2):
        services.pause_series(series=series, actor=series.user, now=NOW)
    assert types().count("recurring-task.paused.v1") == 1


def test_a_deleted_series_leaves_its_tasks(series: RecurringTask) -> None:
    services.delete_series(series=series, actor=series.user, now=NOW)

    assert not RecurringTask.objects.exists()
    assert Task.objects.get().recurring_task_id == series.pk
    assert types()[-1] == "recurring-task.deleted.v1"
    assert services.spawn_due(now=NOW + DAY) == 0


def test_run_now_makes_the_next_and_goes_on_behind_it(series: RecurringTask) -> None:
    task = services.run_now(series=series, actor=series.user, now=NOW)
    assert task.occurrence == "2026-03-02T09:00:00"
    assert services.spawn_due(now=NOW + DAY) == 0
    series.refresh_from_db()
    assert series.next_due_at == date(2026, 3, 3)


def test_run_now_says_why_it_cannot(series: RecurringTask) -> None:
    ended = change(series, end_date=date(2026, 3, 1))
    with pytest.raises(ValidationError, match="end"):
        services.run_now(series=ended, actor=series.user, now=NOW)
    services.pause_series(series=series, actor=series.user, now=NOW)
    with pytest.raises(ValidationError, match="paused"):
        services.run_now(series=series, actor=series.user, now=NOW)


def test_a_series_with_its_first_task_begins_with_its_start(alice: User) -> None:
    series, task = services.create_series_with_task(
        owner=alice,
        actor=alice,
        now=NOW,
        title="Pay {month_name}",
        start_date=date(2026, 1, 31),
        recurrence_type="monthly",
    )
    assert (task.title, task.due_date) == ("Pay January", date(2026, 1, 31))
    assert (task.recurring_task_id, task.occurrence) == (series.pk, "2026-01-31")
    assert (series.next_due_at, series.made) == (date(2026, 3, 31), 1)
    assert types() == [
        "recurring-task.created.v1",
        "task.created.v1",
        "recurring-task.due.v1",
    ]


@pytest.mark.parametrize(
    ("rrule", "then"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR"),
        ("FREQ=DAILY;COUNT=10", "FREQ=DAILY;INTERVAL=2;COUNT=10"),
    ],
)
def test_an_interval_alone_leaves_the_rule_its_other_parts(
    alice: User, series_of: SeriesOf, rrule: str, then: str
) -> None:
    series = services.update_series(
        series=series_of(alice, rrule=rrule),
        actor=alice,
        now=NOW,
        changes={"recurrence_interval": 2},
    )

    assert series.rrule == then
