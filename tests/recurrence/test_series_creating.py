"""A series is made: what it points at, and what is refused."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from bridges.models import Event
from recurrence_app.models import RecurringTask
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db


def test_it_points_at_its_first_occurrence_in_the_owners_zone(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(alice, start_date=date(2026, 3, 31), due_time=time(9))

    assert (series.timezone, series.rrule, series.is_simple) == (
        "Europe/Berlin",
        "FREQ=DAILY",
        True,
    )
    assert (series.next_due_at, series.next_occurrence) == (
        date(2026, 3, 31),
        "2026-03-31T09:00:00",
    )
    assert series.next_occurrence_at == datetime(2026, 3, 31, 7, tzinfo=UTC)
    assert series.spawn_at == datetime(2026, 3, 30, 22, tzinfo=UTC)  # as the day begins in Berlin


def test_its_event_tells_it_whole(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, tags=["home"], reminders=[{"offset_minutes": -60}])

    event = Event.objects.get()
    assert (event.type, event.aggregateid) == ("recurring-task.created.v1", str(series.pk))
    assert (event.user_id, event.actor_id) == (alice.pk, alice.pk)
    assert event.payload["next_due_at"] == "2026-03-01"


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (date(2020, 1, 1), date(2026, 3, 1)),  # no flood of old ones, but today's
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 3, 2)),
    ],
)
def test_one_that_starts_in_the_past_begins_today(
    alice: User, series_of: SeriesOf, start: date, first: date
) -> None:
    assert series_of(alice, start_date=start).next_due_at == first
    timed = series_of(alice, start_date=start, due_time=time(6))
    assert timed.next_due_at == first, "what is due later than its time is due all the same"


def test_the_31st_is_the_last_day_of_shorter_months(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, start_date=date(2026, 1, 31), recurrence_type="monthly")
    assert (series.rrule, series.next_due_at) == ("FREQ=MONTHLY;SKIP=BACKWARD", date(2026, 3, 31))


def test_a_rule_says_type_and_interval(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, rrule="rrule:interval=2;freq=weekly;byday=we,mo")

    assert series.rrule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"
    assert (series.recurrence_type, series.recurrence_interval) == ("weekly", 2)
    assert not series.is_simple


def test_one_that_is_over_has_nothing_to_come(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice, start_date=date(2026, 2, 1), end_date=date(2026, 2, 28))

    assert series.is_active
    assert (series.next_due_at, series.next_occurrence_at, series.spawn_at) == (None, None, None)


def test_a_reminder_of_the_evening_before_wants_its_task_then(
    alice: User, series_of: SeriesOf
) -> None:
    series = series_of(
        alice, start_date=date(2026, 3, 10), reminders=[{"offset_minutes": -180}], due_time=time(2)
    )
    assert series.spawn_at == datetime(2026, 3, 9, 22, tzinfo=UTC)


DAILY: dict[str, Any] = {"recurrence_type": "daily"}
TOO_MANY = [date(2026, 3, 1).fromordinal(740_000 + n) for n in range(1001)]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({}, "recurrence_type", "or `rrule`"),
        ({"recurrence_type": "hourly"}, "recurrence_type", "daily, weekly"),
        ({**DAILY, "recurrence_interval": 53}, "recurrence_interval", "1 to 52"),
        ({**DAILY, "rrule": "FREQ=DAILY"}, "rrule", "not both"),
        ({"rrule": "FREQ=DAILY;INTERVAL=0"}, "rrule", "INTERVAL"),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=0"}, "rrule", "BYMONTHDAY"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "rrule", ""),
        ({"rrule": "FREQ=DAILY;UNTIL=20260401T090000Z"}, "rrule", "UNTIL"),
        ({**DAILY, "end_date": date(2026, 2, 28)}, "end_date", "before"),
        ({**DAILY, "start_date": date(1899, 1, 1)}, "start_date", "1900"),
        ({**DAILY, "timezone": "Mars/Olympus"}, "timezone", "IANA"),
        ({**DAILY, "exdates": [datetime(2026, 3, 4, 9)]}, "exdates", ""),  # noqa: DTZ001
        ({**DAILY, "rdates": TOO_MANY}, "rdates", "1,000"),
        ({**DAILY, "title": ""}, "title", ""),
        ({**DAILY, "title": "Report of {quarter}"}, "title", "{quarter}"),
        ({**DAILY, "title": "Brace {"}, "title", "{{"),
        ({**DAILY, "title": "x" * 489 + "{month_name}"}, "title", "500"),
        ({**DAILY, "title": "x" * 501}, "title", "500"),
        ({**DAILY, "priority": 5}, "priority", ""),
        ({**DAILY, "tags": [""]}, "tags", "50"),
        ({**DAILY, "trigger": "moon"}, "trigger", ""),
        ({**DAILY, "catch_up": "some"}, "catch_up", ""),
        ({**DAILY, "create_ahead": 366}, "create_ahead", "365"),
        ({**DAILY, "reminders": [{"offset_minutes": 10**6}]}, "reminders", "minutes"),
        ({**DAILY, "reminders": [{"at": "noon"}]}, "reminders", "offset_minutes"),
    ],
)
def test_what_does_not_go_together_is_refused_by_field(
    alice: User, series_of: SeriesOf, fields: dict[str, Any], field: str, said: str
) -> None:
    without_rule = {"recurrence_type": None} if fields.keys().isdisjoint(DAILY) else {}
    with pytest.raises(ValidationError) as refusal:
        series_of(alice, **({**without_rule, **fields} if "rrule" not in fields else fields))

    assert list(refusal.value.message_dict) == [field]
    assert said in str(refusal.value.message_dict[field])
    assert not RecurringTask.objects.exists()
