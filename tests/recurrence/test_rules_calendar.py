"""The corners of the calendar: month ends, leap years, weeks across New Year, odd combinations."""

from datetime import date, timedelta

import pytest

from recurrence_app.rules import Schedule, simple
from tests.recurrence.expanding import NEW_YORK, days, days_of, locals_of

LEAP_YEARS = (2024, 2028, 2032)
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
YEARS = range(2024, 2033)

# Monday of week 1, and of week 53 where the year has one.
WEEKS = {
    2019: ("2018-12-31", None),
    2020: ("2019-12-30", "2020-12-28"),
    2021: ("2021-01-04", None),
    2022: ("2022-01-03", None),
    2023: ("2023-01-02", None),
    2024: ("2024-01-01", None),
    2025: ("2024-12-30", None),
    2026: ("2025-12-29", "2026-12-28"),
    2027: ("2027-01-04", None),
    2028: ("2028-01-03", None),
    2029: ("2029-01-01", None),
    2030: ("2029-12-31", None),
    2031: ("2030-12-30", None),
    2032: ("2031-12-29", "2032-12-27"),
    2033: ("2033-01-03", None),
}


def _length(year: int, month: int) -> int:
    return 29 if month == 2 and year in LEAP_YEARS else LENGTHS[month - 1]


def _months(day: int) -> list[date]:
    """This day of each month of the years, or the month's last."""
    return [
        date(year, month, min(day, _length(year, month)))
        for year in YEARS
        for month in range(1, 13)
    ]


@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_simply_monthly_gives_the_last_day_and_comes_back(day: int) -> None:
    plan = Schedule(date(2024, 1, day), NEW_YORK, simple("monthly"))
    assert locals_of(plan, 12 * len(YEARS)) == _months(day)


@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_without_skip_only_months_that_have_the_day(day: int) -> None:
    wanted = [found for found in _months(day) if found.day == day]
    assert days_of("FREQ=MONTHLY", date(2024, 1, day), len(wanted)) == wanted


def test_the_last_day_of_every_month() -> None:
    wanted = _months(31)
    assert days_of("FREQ=MONTHLY;BYMONTHDAY=-1", date(2024, 1, 1), len(wanted)) == wanted


def test_simply_yearly_from_a_leap_day_comes_back_to_it() -> None:
    plan = Schedule(date(2024, 2, 29), NEW_YORK, simple("yearly"))
    assert locals_of(plan, len(YEARS)) == [date(year, 2, _length(year, 2)) for year in YEARS]


def test_every_second_month_from_the_31st() -> None:
    plan = Schedule(date(2026, 8, 31), NEW_YORK, simple("monthly", 2))
    assert locals_of(plan, 5) == days("2026: 8/31 10/31 12/31; 2027: 2/28 4/30")


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=YEARLY;BYYEARDAY=366", "2023-01-01", "2024: 12/31; 2028: 12/31"),
        ("FREQ=YEARLY;BYYEARDAY=-366", "2023-01-01", "2024: 1/1; 2028: 1/1"),
        ("FREQ=YEARLY;BYYEARDAY=60,-307", "2023-06-01", "2024: 2/29; 2025: 2/28 3/1"),
        ("FREQ=YEARLY;BYYEARDAY=366;SKIP=BACKWARD", "2023-01-01", "2023: 12/31; 2024: 12/31"),
        ("FREQ=YEARLY;BYYEARDAY=366;SKIP=FORWARD", "2023-06-01", "2024: 1/1 12/31; 2026: 1/1"),
        ("FREQ=YEARLY;BYMONTHDAY=31", "2026-01-01", "2026: 1/31 3/31 5/31 7/31 8/31 10/31 12/31"),
        ("FREQ=YEARLY;BYMONTH=2", "2026-01-31", ""),
        ("FREQ=YEARLY;BYMONTH=2,3", "2026-01-31", "2026: 3/31; 2027: 3/31"),
        ("FREQ=YEARLY;BYMONTH=2,3;SKIP=BACKWARD", "2026-01-31", "2026: 2/28 3/31; 2027: 2/28"),
        ("FREQ=YEARLY;BYDAY=FR", "2026-12-20", "2026: 12/25; 2027: 1/1 8"),
        ("FREQ=YEARLY;BYDAY=1MO,-1SU", "2026-01-01", "2026: 1/5 12/27; 2027: 1/4 12/26"),
        ("FREQ=YEARLY;BYDAY=53TH", "2026-01-01", "2026: 12/31; 2032: 12/30; 2037: 12/31"),
        ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-01-01", "2026: 11/26; 2027: 11/25"),
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=5TH", "2020-01-01", "2024: 2/29; 2052: 2/29"),
        ("FREQ=YEARLY;BYMONTHDAY=18;BYDAY=20MO", "2026-01-01", "2026: 5/18; 2037: 5/18"),
        ("FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", "2026-01-01", "2026: 2/13 3/13 11/13"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=13;BYDAY=FR", "2025-01-01", "2026: 3/13; 2037: 3/13"),
        ("FREQ=YEARLY;BYDAY=MO,1WE", "2026-01-01", "2026: 1/5 7 12 19"),
        ("FREQ=MONTHLY;BYDAY=MO,1WE", "2026-06-01", "2026: 6/1 3 8 15 22 29 7/1 6"),
        ("FREQ=MONTHLY;BYDAY=5MO", "2026-01-01", "2026: 3/30 6/29 8/31 11/30"),
        ("FREQ=MONTHLY;BYDAY=-5MO", "2026-01-01", "2026: 3/2 6/1 8/3 11/2"),
        ("FREQ=MONTHLY;BYMONTHDAY=7;BYDAY=1WE", "2026-01-01", "2026: 1/7 10/7; 2027: 4/7"),
        ("FREQ=MONTHLY;BYMONTHDAY=-31", "2026-01-01", "2026: 1/1 3/1 5/1"),
        ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=BACKWARD", "2026-01-01", "2026: 1/1 31 3/1 31 5/1 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=FORWARD", "2026-01-01", "2026: 1/1 2/1 3/1 4/1"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1,31;SKIP=FORWARD",
            "2026-01-15",
            "2026: 1/31 2/1 3/1 31 4/1 5/1",
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;SKIP=BACKWARD", "2026-02-01", "2026: 2/28 3/28-31"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;BYDAY=SA,SU;SKIP=FORWARD",
            "2026-01-01",
            "2026: 1/31 3/1 5/31; 2026: 10/31; 2027: 1/31 5/1 7/31",
        ),
        (
            "FREQ=MONTHLY;BYMONTH=1,2;BYMONTHDAY=-1",
            "2027-01-01",
            "2027: 1/31 2/28; 2028: 1/31 2/29",
        ),
        ("FREQ=WEEKLY;BYMONTH=1;BYDAY=MO,SU", "2026-12-20", "2027: 1/3 4 10 11"),
        ("FREQ=WEEKLY;INTERVAL=3;BYMONTH=1", "2026-12-20", "2027: 1/10 31; 2028: 1/2 23"),
        ("FREQ=DAILY;INTERVAL=3;BYMONTH=3;BYDAY=MO", "2026-02-27", "2026: 3/2 23; 2027: 3/15"),
        ("FREQ=DAILY;BYMONTHDAY=-1,1", "2026-02-10", "2026: 2/28 3/1 31 4/1"),
    ],
)
def test_a_combination_of_parts(rule: str, start: str, expected: str) -> None:
    wanted = days(expected) if expected else []
    assert days_of(rule, date.fromisoformat(start), len(wanted) or 1) == wanted


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        # The days before start count for the position, and do not come.
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1", "2026-06-03", "2026: 6/8 15"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2,-1", "2026-06-03", "2026: 6/3 5 10 12"),
        ("FREQ=WEEKLY;BYDAY=MO,SU;BYSETPOS=1;WKST=SU", "2026-06-03", "2026: 6/7 14"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,SU;BYSETPOS=-1", "2026-06-03", "2026: 6/7 21"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "2026-06-03", "2026: 7/1 8/3"),
        ("FREQ=YEARLY;BYMONTH=1,12;BYMONTHDAY=1,-1;BYSETPOS=2,-2", "2026-02-01", "2026: 12/1"),
        ("FREQ=YEARLY;BYDAY=SU;BYSETPOS=-1", "2026-06-01", "2026: 12/27; 2027: 12/26"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,SU;BYSETPOS=-1", "2026-06-01", "2027: 1/10; 2028: 1/9"),
    ],
)
def test_a_position_counts_in_its_whole_period(rule: str, start: str, expected: str) -> None:
    wanted = days(expected)
    assert days_of(rule, date.fromisoformat(start), len(wanted)) == wanted


@pytest.mark.parametrize("monday", [first for first, _ in WEEKS.values()])
def test_week_1_may_begin_in_the_old_year(monday: str) -> None:
    wanted = date.fromisoformat(monday)
    start = wanted - timedelta(days=20)
    assert days_of("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", start, 1) == [wanted]


def test_week_53_comes_only_in_years_that_have_it() -> None:
    mondays = [date.fromisoformat(last) for _, last in WEEKS.values() if last]
    found = days_of("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", date(2019, 1, 1), 3)
    assert found == mondays
    sundays = days_of("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU", date(2019, 1, 1), 3)
    assert sundays == [monday + timedelta(days=6) for monday in mondays]


def test_a_series_may_begin_in_a_week_of_the_year_before() -> None:
    rule = "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR,SA,SU"
    assert days_of(rule, date(2021, 1, 2), 3) == days("2021: 1/2 3; 2027: 1/1")


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        # Without BYDAY it is the weekday of start, here a Wednesday.
        ("FREQ=YEARLY;BYWEEKNO=20", "2026-01-07", "2026: 5/13; 2027: 5/19; 2028: 5/17"),
        ("FREQ=YEARLY;BYWEEKNO=-1", "2026-01-07", "2026: 12/30; 2027: 12/29"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYMONTH=12", "2024-06-05", "2025: 12/31; 2031: 12/31"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYMONTHDAY=31", "2024-06-05", "2024: 12/31; 2025: 12/31"),
        ("FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO", "2024-06-05", "2025: 12/29; 2028: 1/3"),
        # Weeks from Sunday: week 1 of 2026 begins on 4 January.
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU,SA;WKST=SU", "2025-06-05", "2026: 1/4 10; 2027: 1/3 9"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU;WKST=SU", "2024-01-01", "2025: 12/28; 2031: 12/28"),
    ],
)
def test_weeks_of_the_year(rule: str, start: str, expected: str) -> None:
    wanted = days(expected)
    assert days_of(rule, date.fromisoformat(start), len(wanted)) == wanted
