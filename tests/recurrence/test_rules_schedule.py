"""A schedule beside its rule: dates added and taken away, its ends, and where nothing comes."""

# ruff: noqa: DTZ001 - wall time has no offset

import time
from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from recurrence_app.rules import Local
from tests.recurrence.expanding import at, days, days_of, locals_of, schedule

MAY = date(2026, 5, 1)
SPEED_LIMIT = 0.2  # seconds of CPU for a rule that gives nothing or little


def test_a_start_that_does_not_fit_is_no_occurrence() -> None:
    assert days_of("FREQ=WEEKLY;BYDAY=MO;COUNT=2", MAY) == days("2026: 5/4 11")


def test_without_a_rule_there_are_start_and_the_rdates() -> None:
    plan = schedule(None, MAY, rdates=tuple(days("2026: 6/2 5/20")))
    assert locals_of(plan) == days("2026: 5/1 20 6/2")
    assert plan.ends
    assert plan.last().local == date(2026, 6, 2)  # type: ignore[union-attr]


def test_rdates_add_and_exdates_take_away() -> None:
    plan = schedule(
        "FREQ=WEEKLY;COUNT=4",
        MAY,
        rdates=tuple(days("2026: 4/30 5/8 10 6/30")),
        exdates=tuple(days("2026: 5/10 15")),
    )
    assert locals_of(plan) == days("2026: 4/30 5/1 8 22 6/30")


def test_count_counts_before_exdates_take_away() -> None:
    plan = schedule("FREQ=DAILY;COUNT=3", MAY, exdates=(MAY,))
    assert locals_of(plan) == days("2026: 5/2 3")


def test_end_date_is_the_last_day_and_ends_rdates_too() -> None:
    start = datetime(2026, 5, 1, 23, 30)
    later = tuple(at(12, "2026: 5/3 4"))
    plan = schedule("FREQ=DAILY", start, rdates=later, end_date=date(2026, 5, 3))
    found = locals_of(plan)
    assert found[-1] == datetime(2026, 5, 3, 23, 30)
    assert found[-2] == datetime(2026, 5, 3, 12)
    assert len(found) == 4


def test_hours_say_nothing_of_an_all_day_schedule() -> None:
    assert days_of("FREQ=DAILY;BYHOUR=9,17;COUNT=2", MAY) == days("2026: 5/1 2")


def test_second_60_is_59() -> None:
    plan = schedule("FREQ=DAILY;BYSECOND=58,59,60;COUNT=3", datetime(2026, 5, 1, 9))
    assert [found.second for found in locals_of(plan)] == [58, 59, 58]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("after", "inclusive", "expected"),
    [
        (date(1, 1, 1), False, "2026: 5/1"),
        (date(2026, 5, 1), False, "2026: 5/8"),
        (date(2026, 5, 1), True, "2026: 5/1"),
        (datetime(2026, 5, 1, 12), True, "2026: 5/8"),
        (datetime(2026, 5, 8, 3, 59, tzinfo=UTC), False, "2026: 5/8"),
        (datetime(2026, 5, 8, 4, tzinfo=UTC), False, "2026: 5/15"),
        (date(2126, 5, 1), False, "2126: 5/3"),
    ],
)
def test_the_first_behind_a_time(after: date, inclusive: bool, expected: str) -> None:
    found = next(schedule("FREQ=WEEKLY", MAY).occurrences(after=after, inclusive=inclusive))
    assert [found.local] == days(expected)


@pytest.mark.parametrize("after", [date(2201, 1, 1), date.max, datetime(9999, 12, 31, 23)])
def test_nothing_comes_behind_the_year_2200(after: date) -> None:
    plan = schedule("FREQ=WEEKLY", MAY)
    assert next(plan.occurrences(after=after), None) is None
    assert not plan.ends
    assert plan.last() is None


def test_the_last_days_of_the_calendar() -> None:
    plan = schedule("FREQ=DAILY", MAY)
    found = [one.local for one in plan.occurrences(after=date(2200, 12, 29))]
    assert found == days("2200: 12/30 31")
    first = schedule("FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU", date(1900, 1, 1))
    assert next(first.occurrences()).local == date(1900, 1, 1)


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;COUNT=9999", f"{MAY + timedelta(days=9998)}"),
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5", "2026-05-18"),
        ("FREQ=WEEKLY;BYMONTH=5,6;COUNT=11", "2027-05-14"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD;COUNT=4", "2026-07-31"),
        ("FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=1,-1;COUNT=4", "2026-06-29"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;COUNT=2", "2032-12-27"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=20350101", "2032-02-29"),
        ("FREQ=YEARLY;COUNT=9999", "2200-05-01"),
        ("FREQ=DAILY;UNTIL=99991231", "2200-12-31"),
    ],
)
def test_the_last_of_a_rule_that_ends(rule: str, last: str) -> None:
    plan = schedule(rule, MAY)
    assert plan.ends
    assert plan.last().local == date.fromisoformat(last)  # type: ignore[union-attr]


def test_the_last_may_be_taken_away() -> None:
    plan = schedule("FREQ=YEARLY;COUNT=3", MAY, exdates=tuple(days("2027: 5/1; 2028: 5/1")))
    assert plan.last().local == MAY  # type: ignore[union-attr]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
@pytest.mark.parametrize("hour", ["", "T000000", "T235959", "T000000Z", "T235959Z"])
def test_an_end_at_the_edge_of_time_is_no_trouble(zone: str, hour: str) -> None:
    start: Local = datetime(2200, 12, 30, 9) if hour else date(2200, 12, 30)
    for day, count in [("00010101", 0), ("99991231", 2)]:
        rule = f"FREQ=DAILY;UNTIL={day}{hour}"
        plan = schedule(rule, start, ZoneInfo(zone), end_date=date.max)
        found = list(plan.occurrences())
        assert len(found) == count
        assert plan.last() == (found[-1] if found else None)


NOTHING = [
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "BYMONTH and BYMONTHDAY never meet"),
    ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "BYMONTH and BYMONTHDAY never meet"),
    ("FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31;BYDAY=MO", "BYMONTH and BYMONTHDAY never meet"),
    ("FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;BYDAY=MO", "BYMONTH and BYWEEKNO never meet"),
    ("FREQ=YEARLY;BYYEARDAY=1;BYMONTH=6", "BYMONTH and BYYEARDAY never meet"),
    ("FREQ=MONTHLY;BYMONTHDAY=20;BYDAY=1MO", "BYMONTHDAY and BYDAY never meet"),
    ("FREQ=DAILY;INTERVAL=14;BYDAY=MO", "BYDAY and INTERVAL never meet"),
    ("FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3", "BYSETPOS asks for a position that no week has"),
    ("FREQ=WEEKLY;BYMONTH=1;BYDAY=MO;BYSETPOS=-300", "BYSETPOS asks for a position"),
    ("FREQ=YEARLY;INTERVAL=9999;BYMONTH=3", "BYMONTH and INTERVAL never meet"),
    ("FREQ=DAILY;UNTIL=20260430", "The first occurrence would be 2026-05-01, behind UNTIL"),
]


@pytest.mark.parametrize(("rule", "reason"), NOTHING)
def test_a_rule_without_instances_ends_soon_and_says_why(rule: str, reason: str) -> None:
    plan = schedule(rule, MAY)
    begun = time.process_time()
    assert locals_of(plan) == []
    assert (why := plan.why_empty()) is not None
    assert time.process_time() - begun < SPEED_LIMIT
    assert why.startswith(reason)
    assert why.endswith(".")


def test_exdates_and_end_date_may_leave_nothing() -> None:
    assert schedule("FREQ=DAILY;COUNT=1", MAY, exdates=(MAY,)).why_empty() == (
        "The exdates take every occurrence away."
    )
    ended = schedule("FREQ=WEEKLY;BYDAY=MO", MAY, end_date=date(2026, 5, 3))
    assert ended.why_empty() == "The first occurrence would be 2026-05-04, behind end_date."
    assert schedule("FREQ=DAILY", MAY).why_empty() is None


def test_a_rule_with_an_instance_in_many_years_answers_soon() -> None:
    leap_days = [date(year, 2, 29) for year in range(2026, 2201, 3) if isleap(year)]
    begun = time.process_time()
    found = days_of("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU;INTERVAL=3", MAY)
    assert time.process_time() - begun < SPEED_LIMIT
    assert found == [day for day in leap_days if day.weekday() == 6]


def test_every_second_of_the_day_costs_no_more_than_what_is_asked_for() -> None:
    numbers = [",".join(map(str, range(size))) for size in (24, 60)]
    rule = f"FREQ=DAILY;BYHOUR={numbers[0]};BYMINUTE={numbers[1]};BYSECOND={numbers[1]}"
    plan = schedule(rule, datetime(2016, 5, 1))
    begun = time.process_time()
    found = next(plan.occurrences(after=datetime(2026, 5, 1, 12)))
    assert time.process_time() - begun < SPEED_LIMIT
    assert found.local == datetime(2026, 5, 1, 12) + timedelta(seconds=1)
