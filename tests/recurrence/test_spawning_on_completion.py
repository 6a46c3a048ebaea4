"""Series that go on when their task is done: the table of docs/recurrence.md, line by line."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app import services as tasks
from tasks_app.models import Task
from tasks_app.services.bulk import Operation, run_operations
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Made = Callable[..., RecurringTask]


@pytest.fixture
def made(alice: User, series_of: SeriesOf) -> Made:
    """A series whose first task, of the 1st of March, is there."""

    def make(**fields: Any) -> RecurringTask:
        series = series_of(alice, trigger="completion", **fields)
        services.spawn_due(now=NOW)
        series.refresh_from_db()
        return series

    return make


def open_task() -> Task:
    return Task.objects.get(status="pending")


def days() -> list[str]:
    return [name[5:10] for name in Task.objects.order_by("pk").values_list("occurrence", flat=True)]


def complete(task: Task, at: datetime) -> None:
    tasks.complete_task(task=task, actor=task.user, now=at)


EVERY_3: dict[str, Any] = {"recurrence_interval": 3}


@pytest.mark.parametrize(
    ("count_from", "done_on", "following"),
    [
        ("due_date", 1, "03-04"),  # in time
        ("due_date", 3, "03-04"),  # late
        ("due_date", 4, "03-04"),  # on the day of the next
        ("due_date", 5, "03-07"),  # so late that one has passed
        ("completion", 1, "03-04"),
        ("completion", 3, "03-06"),
        ("completion", 5, "03-08"),
    ],
)
def test_the_next_counts_from_the_due_date_or_from_the_day_it_was_done(
    made: Made, count_from: str, done_on: int, following: str
) -> None:
    made(count_from=count_from, **EVERY_3)
    complete(open_task(), NOW + (done_on - 1) * DAY)
    assert days() == ["03-01", following]


@pytest.mark.parametrize(
    ("count_from", "following"), [("due_date", "03-13"), ("completion", "03-11")]
)
def test_done_early_the_next_is_behind_the_one_that_was_done(
    made: Made, count_from: str, following: str
) -> None:
    series = made(count_from=count_from, start_date=date(2026, 3, 10), **EVERY_3)
    task = services.run_now(series=series, actor=series.user, now=NOW)
    complete(task, NOW + 7 * DAY)  # the 8th, two days early
    assert days() == ["03-10", following]


def test_passed_ones_are_counted(made: Made) -> None:
    series = made()
    complete(open_task(), NOW + 9 * DAY)
    series.refresh_from_db()
    assert (series.left_out, series.made, days()) == (8, 2, ["03-01", "03-10"])


def test_a_tick_makes_nothing_while_the_task_is_open(made: Made) -> None:
    series = made()
    assert (series.spawn_at, series.next_due_at) == (None, date(2026, 3, 2))
    assert services.spawn_due(now=NOW + 30 * DAY) == 0
    assert made(count_from="completion").next_due_at is None, "nobody can know it"


@pytest.mark.parametrize("over", ["complete", "cancel", "delete"])
def test_completed_cancelled_or_deleted_it_goes_on(made: Made, over: str) -> None:
    made()
    task = open_task()
    service = {
        "complete": tasks.complete_task,
        "cancel": tasks.cancel_task,
        "delete": tasks.delete_task,
    }[over]
    service(task=task, actor=task.user, now=NOW)
    assert open_task().occurrence == "2026-03-02"


def test_done_twice_makes_one(made: Made) -> None:
    made()
    task = open_task()
    complete(task, NOW)
    complete(task, NOW)
    assert days() == ["03-01", "03-02"]


def test_reopening_takes_nothing_back_and_doing_it_again_makes_nothing(made: Made) -> None:
    made()
    task = open_task()
    complete(task, NOW)
    tasks.reopen_task(task=task, actor=task.user, now=NOW)
    assert Task.objects.filter(status="pending").count() == 2
    complete(task, NOW)
    assert open_task().occurrence == "2026-03-02"
    assert Task.objects.count() == 2


def test_cancelling_or_deleting_what_is_done_makes_nothing(made: Made) -> None:
    made()
    task = open_task()
    complete(task, NOW)
    tasks.cancel_task(task=task, actor=task.user, now=NOW)
    tasks.delete_task(task=task, actor=task.user, now=NOW)
    assert days() == ["03-02"]


def test_a_status_that_is_set_counts_as_completing(made: Made) -> None:
    made()
    task = open_task()
    tasks.update_task(task=task, actor=task.user, now=NOW, changes={"status": "completed"})
    assert days() == ["03-01", "03-02"]


def test_many_series_go_on_in_one_request(alice: User, series_of: SeriesOf) -> None:
    for _ in range(5):
        series_of(alice, trigger="completion")
    services.spawn_due(now=NOW)
    operations = [Operation("complete", task.pk) for task in Task.objects.all()]
    run_operations(owner=alice, actor=alice, now=NOW, operations=operations, whole=True)
    assert Task.objects.filter(status="pending", occurrence="2026-03-02").count() == 5


def test_paused_it_makes_nothing_and_resumed_it_goes_on_with_the_next_date(made: Made) -> None:
    series = made()
    services.pause_series(series=series, actor=series.user, now=NOW)
    complete(open_task(), NOW)
    assert days() == ["03-01"]

    later = NOW + 9 * DAY
    services.resume_series(series=series, actor=series.user, now=later)
    services.spawn_due(now=later)
    assert days() == ["03-01", "03-10"]


def test_paused_and_resumed_while_the_task_is_open_it_waits_for_it(made: Made) -> None:
    series = made()
    services.pause_series(series=series, actor=series.user, now=NOW)
    services.resume_series(series=series, actor=series.user, now=NOW)
    assert services.spawn_due(now=NOW + 9 * DAY) == 0
    complete(open_task(), NOW + DAY)
    assert days() == ["03-01", "03-02"]


@pytest.mark.parametrize("count_from", ["due_date", "completion"])
@pytest.mark.parametrize(
    "end", [{"rrule": "FREQ=DAILY;COUNT=3"}, {"end_date": date(2026, 3, 3)}], ids=str
)
def test_it_comes_to_its_end(made: Made, count_from: str, end: dict[str, Any]) -> None:
    series = made(count_from=count_from, **end)
    for day in range(3):
        complete(open_task(), NOW + day * DAY)
    series.refresh_from_db()
    assert days() == ["03-01", "03-02", "03-03"]
    assert (series.next_due_at, series.spawn_at, series.is_active) == (None, None, True)


def test_days_of_the_week_are_looked_up_from_the_day_it_was_done(made: Made) -> None:
    made(rrule="FREQ=WEEKLY;BYDAY=SU,WE", count_from="completion", due_time=time(9))
    complete(open_task(), datetime(2026, 3, 3, 23, 30, tzinfo=UTC))  # the 4th in Berlin
    assert open_task().due_at == datetime(2026, 3, 8, 8, tzinfo=UTC)


def test_only_its_task_counts_when_it_has_to_run(made: Made) -> None:
    series = made()
    with pytest.raises(ValidationError, match="open"):
        services.run_now(series=series, actor=series.user, now=NOW)


def test_a_deleted_series_makes_nothing_more(made: Made) -> None:
    series = made()
    services.delete_series(series=series, actor=series.user, now=NOW)
    complete(open_task(), NOW)
    assert days() == ["03-01"]


def test_by_the_calendar_completing_makes_nothing(alice: User, series_of: SeriesOf) -> None:
    series_of(alice)
    services.spawn_due(now=NOW)
    complete(open_task(), NOW)
    assert days() == ["03-01"]


def test_from_completion_to_calendar_and_back(made: Made) -> None:
    series = made()

    def change(trigger: str) -> RecurringTask:
        return services.update_series(
            series=series, actor=series.user, now=NOW, changes={"trigger": trigger}
        )

    assert change("calendar").spawn_at is not None
    assert change("completion").spawn_at is None
    complete(open_task(), NOW)
    assert days() == ["03-01", "03-02"]
