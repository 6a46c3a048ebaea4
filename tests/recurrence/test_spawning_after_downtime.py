"""Catch-up: what becomes of days on which nobody was there to make their tasks."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.models import User
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def after(series: RecurringTask, now: datetime) -> tuple[list[str], int]:
    """The days that got tasks, and how many were left out."""
    services.spawn_due(now=now, seconds=30)
    series.refresh_from_db()
    made = Task.objects.filter(recurring_task_id=series.pk).order_by("occurrence")
    return [name[5:10] for name in made.values_list("occurrence", flat=True)], series.left_out


@pytest.mark.parametrize(
    ("catch_up", "made", "left_out"),
    [
        ("all", ["03-01", "03-02", "03-03", "03-04"], 0),
        ("latest", ["03-04"], 3),
        ("skip", ["03-04"], 3),
    ],
)
def test_a_daily_series_that_was_away_for_three_days(
    alice: User, series_of: SeriesOf, catch_up: str, made: list[str], left_out: int
) -> None:
    series = series_of(alice, catch_up=catch_up)
    assert after(series, NOW + 3 * DAY) == (made, left_out)
    assert series.next_due_at == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("catch_up", "made", "left_out"),
    [("all", ["03-02", "03-09"], 0), ("latest", ["03-09"], 1), ("skip", [], 2)],
)
def test_a_weekly_series_with_nothing_due_today(
    alice: User, series_of: SeriesOf, catch_up: str, made: list[str], left_out: int
) -> None:
    series = series_of(alice, rrule="FREQ=WEEKLY;BYDAY=MO", catch_up=catch_up)
    assert after(series, NOW + 10 * DAY) == (made, left_out)
    assert series.next_due_at == date(2026, 3, 16)


@pytest.mark.parametrize("catch_up", ["all", "latest", "skip"])
def test_a_day_that_is_not_over_is_not_missed(
    alice: User, series_of: SeriesOf, catch_up: str
) -> None:
    series = series_of(alice, start_date=date(2026, 3, 2), due_time=time(6), catch_up=catch_up)
    late = datetime(2026, 3, 2, 22, 59, tzinfo=NOW.tzinfo)
    assert after(series, late) == (["03-02"], 0)


def test_no_more_than_fifty_are_made_the_latest_and_the_rest_is_counted(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice)
    made, left_out = after(series, NOW + 59 * DAY)
    assert (len(made), left_out) == (50, 10)
    assert (made[0], made[-1]) == ("03-11", "04-29")


def test_four_hundred_days_of_every_quarter_of_an_hour_are_counted_in_bounded_steps(
    alice: User, series_of: SeriesOf
) -> None:
    quarters = "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,15,30,45"
    series = series_of(alice, rrule=quarters, due_time=time(0))
    made, left_out = after(series, NOW + 400 * DAY)
    skipped = 2 * 4  # an hour of each of two last Sundays of March
    assert (len(made), left_out) == (96, 400 * 96 - skipped)


def test_days_ahead_are_no_catching_up(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, catch_up="latest", create_ahead=2)
    made, left_out = after(series, NOW + 5 * DAY)
    assert (made, left_out) == (["03-06", "03-07", "03-08"], 5)
