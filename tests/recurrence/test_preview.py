"""POST /api/recurring-tasks/preview: what a rule gives, before there is a series."""

from time import perf_counter
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.contract import problems

pytestmark = pytest.mark.django_db

PREVIEW = "/api/recurring-tasks/preview"
START = "2026-03-27T09:00:00"


def _ask(api: APIClient, **said: Any) -> Any:
    return api.post(PREVIEW, {"start": START, **said})


def _given(api: APIClient, **said: Any) -> list[str]:
    answer = _ask(api, **said)
    assert answer.status_code == 200, answer.content
    found: list[str] = answer.json()["occurrences"]
    return found


def test_wall_times_stay_over_a_clock_change(api: APIClient) -> None:
    given = _given(api, rrule="FREQ=DAILY", timezone="Europe/Berlin", count=4)

    assert given == [
        "2026-03-27T08:00:00Z",
        "2026-03-28T08:00:00Z",
        "2026-03-29T07:00:00Z",
        "2026-03-30T07:00:00Z",
    ]


def test_the_zone_is_the_callers_and_ten_are_shown(api: APIClient) -> None:
    given = _given(api, rrule="FREQ=DAILY")

    assert (len(given), given[0]) == (10, "2026-03-27T08:00:00Z")


def test_days_begin_in_the_zone(api: APIClient) -> None:
    given = _given(api, start="2026-03-28", rrule="FREQ=DAILY", count=3)

    assert given == ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]


def test_a_simple_type_comes_back_to_the_31st(api: APIClient) -> None:
    given = _given(
        api, start="2026-01-31T12:00", recurrence_type="monthly", timezone="UTC", count=4
    )
    assert [one[:10] for one in given] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]


def test_an_interval_is_of_its_type(api: APIClient) -> None:
    given = _given(api, recurrence_type="weekly", recurrence_interval=2, count=2)

    assert given == ["2026-03-27T08:00:00Z", "2026-04-10T07:00:00Z"]


def test_dates_are_added_and_taken_away(api: APIClient) -> None:
    given = _given(
        api,
        rrule="FREQ=DAILY;COUNT=3",
        exdates=["2026-03-28", "2026-03-29T09:00:00"],
        rdates=["2026-03-28T12:00"],
        timezone="UTC",
    )
    assert given == ["2026-03-27T09:00:00Z", "2026-03-28T12:00:00Z"]


def test_the_last_day_counts(api: APIClient) -> None:
    assert len(_given(api, rrule="FREQ=DAILY", end_date="2026-03-29")) == 3


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=WEEKLY;BYDAY=MO",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "rrule:freq=weekly;byday=mo",
        "FREQ=WEEKLY;BYDAY=MO;",
        " FREQ=WEEKLY;BYDAY=MO\r\n",
        "FREQ=WEEKLY;\r\n BYDAY=MO",
        "BYDAY=MO;FREQ=WEEKLY",
        "RSCALE=GREGORIAN;FREQ=WEEKLY;BYDAY=MO",
    ],
)
def test_a_rule_may_be_written_in_several_ways(api: APIClient, rrule: str) -> None:
    assert _given(api, rrule=rrule, count=1) == ["2026-03-30T07:00:00Z"]


@pytest.mark.parametrize(
    "start", ["2026-03-27T09:00:00", "2026-03-27T09:00", "2026-03-27 09:00:00", "20260327T090000"]
)
def test_a_wall_time_may_be_written_in_several_ways(api: APIClient, start: str) -> None:
    assert _given(api, start=start, rrule="FREQ=DAILY", count=1) == ["2026-03-27T08:00:00Z"]


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=YEARLY;INTERVAL=9999",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;UNTIL=20200101T000000Z",
        "FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29;BYDAY=WE;BYSETPOS=5",
    ],
)
def test_a_rule_without_occurrences_says_why_at_once(api: APIClient, rrule: str) -> None:
    _ask(api, rrule="FREQ=DAILY")  # whatever is made at the first request is made
    begun = perf_counter()
    answer = _ask(api, rrule=rrule)
    took = perf_counter() - begun

    assert answer.status_code == 200
    said = answer.json()
    assert bool(said["occurrences"]) != bool(said["reason"])
    assert took < 0.2


def test_a_rule_is_told_in_words(api: APIClient) -> None:
    said = _ask(api, rrule="FREQ=DAILY").json()

    assert said.keys() == {"occurrences", "text", "reason"}
    assert said["text"]
    assert said["reason"] is None


@pytest.mark.parametrize(
    ("rrule", "part"),
    [
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=10000", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ"),
        ("FREQ=DAILY;BYMOON=1", "BYMOON"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101T000000Z", "COUNT"),
        ("FREQ=DAILY;UNTIL=20270101", "UNTIL"),
        ("FREQ=DAILY;UNTIL=20270230T000000Z", "UNTIL"),
        ("FREQ=HOURLY", "FREQ"),
        ("FREQ=SECONDLY", "FREQ"),
        ("FREQ=FORTNIGHTLY", "FREQ"),
        ("INTERVAL=2", "FREQ"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
        ("FREQ=WEEKLY;BYDAY=", "BYDAY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=WEEKLY;WKST=XX", "WKST"),
        ("FREQ=MONTHLY;SKIP=SIDEWAYS", "SKIP"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "RSCALE"),
        ("every other tuesday", "NAME=VALUE"),
        ("DTSTART:20260101T090000\nRRULE:FREQ=DAILY", ""),
        ("FREQ=DAILY;BYMONTH=" + "1," * 5000 + "1", "1000"),
        ("", "blank"),
        (5, "string"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_its_part(
    api: APIClient, rrule: Any, part: str
) -> None:
    problem = problems.check(_ask(api, rrule=rrule), 400, "rrule")

    assert part in problem["errors"]["rrule"][0]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"start": "2026-03-27T09:00:00Z"}, "start"),
        ({"start": "2026-03-27T09:00:00+01:00"}, "start"),
        ({"start": "2026-02-30"}, "start"),
        ({"start": "2026-03-27T24:00:00"}, "start"),
        ({"start": "1899-12-31"}, "start"),
        ({"start": "2201-01-01"}, "start"),
        ({"start": "tomorrow"}, "start"),
        ({"start": 5}, "start"),
        ({"start": None}, "start"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": 1}, "timezone"),
        ({"count": 0}, "count"),
        ({"count": 101}, "count"),
        ({"count": "10"}, "count"),
        ({"recurrence_interval": 2}, "rrule"),
        ({"recurrence_type": "daily"}, "rrule"),
        ({"rrule": None}, "recurrence_type"),
        ({"rrule": None, "recurrence_type": "hourly"}, "recurrence_type"),
        (
            {"rrule": None, "recurrence_type": "daily", "recurrence_interval": 53},
            "recurrence_interval",
        ),
        ({"exdates": ["2026-03-27T09:00:00Z"]}, "exdates"),
        ({"exdates": "2026-03-27"}, "exdates"),
        ({"exdates": ["2026-03-27"] * 1001}, "exdates"),
        ({"start": "2026-03-27", "rdates": ["2026-03-27T09:00:00"]}, "rdates"),
        ({"end_date": "2026-03-26"}, "end_date"),
        ({"end_date": "soon"}, "end_date"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(api: APIClient, said: dict[str, Any], field: str) -> None:
    problems.check(_ask(api, **{"rrule": "FREQ=DAILY", **said}), 400, field)


def test_an_offset_is_answered_with_what_is_wanted(api: APIClient) -> None:
    problem = problems.check(_ask(api, start=f"{START}Z", rrule="FREQ=DAILY"), 400, "start")

    assert "wall time" in problem["errors"]["start"][0]
