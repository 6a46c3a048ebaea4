"""Every example of RFC 5545, 3.8.5.3, of days and more, and those of RFC 7529 for our calendar."""

# ruff: noqa: DTZ001 - wall time has no offset

from datetime import date, datetime

import pytest

from tests.recurrence.expanding import at, days, days_of, locals_of, schedule

TUESDAYS = "1997: 9/2 9 16 23 30 10/7 14 21 28 11/4"
JANUARIES = "1998: 1/1-31; 1999: 1/1-31; 2000: 1/1-31"
FIVE_WEEKS = "1997: 9/2 4 9 11 16 18 23 25 30 10/2"
JUNE_AND_JULY = (
    "1997: 6/10 7/10; 1998: 6/10 7/10; 1999: 6/10 7/10; 2000: 6/10 7/10; 2001: 6/10 7/10"
)
SUMMER_THURSDAYS = (
    "1997: 6/5 12 19 26 7/3 10 17 24 31 8/7 14 21 28;"
    "1998: 6/4 11 18 25 7/2 9 16 23 30 8/6 13 20 27;"
    "1999: 6/3 10 17 24 7/1 8 15 22 29 8/5 12 19 26"
)
SPRING_MONTHS = "1997: 3/10; 1999: 1/10 2/10 3/10; 2001: 1/10 2/10 3/10; 2003: 1/10 2/10 3/10"
FIRST_SATURDAYS = "1997: 9/13 10/11 11/8 12/13; 1998: 1/10 2/7 3/7 4/11 5/9 6/13"
CHRISTMAS = "UNTIL=19971224T000000Z"

# The rule, the day of start, which is at 09:00 in New York, and the days; the rule ends.
ENDING = [
    ("FREQ=DAILY;COUNT=10", "9/2", "1997: 9/2-11"),
    (f"FREQ=DAILY;{CHRISTMAS}", "9/2", "1997: 9/2-30 10/1-31 11/1-30 12/1-23"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", "9/2", "1997: 9/2 12 22 10/2 12"),
    ("FREQ=WEEKLY;COUNT=10", "9/2", TUESDAYS),
    (f"FREQ=WEEKLY;{CHRISTMAS}", "9/2", TUESDAYS + " 11 18 25 12/2 9 16 23"),
    ("FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "9/2", FIVE_WEEKS),
    ("FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "9/2", FIVE_WEEKS),
    (
        f"FREQ=WEEKLY;INTERVAL=2;{CHRISTMAS};WKST=SU;BYDAY=MO,WE,FR",
        "9/1",
        "1997: 9/1 3 5 15 17 19 29 10/1 3 13 15 17 27 29 31 11/10 12 14 24 26 28 12/8 10 12 22",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "9/2",
        "1997: 9/2 4 16 18 30 10/2 14 16",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "9/5",
        "1997: 9/5 10/3 11/7 12/5; 1998: 1/2 2/6 3/6 4/3 5/1 6/5",
    ),
    (f"FREQ=MONTHLY;{CHRISTMAS};BYDAY=1FR", "9/5", "1997: 9/5 10/3 11/7 12/5"),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "9/7",
        "1997: 9/7 28 11/2 30; 1998: 1/4 25 3/1 29 5/3 31",
    ),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "9/22", "1997: 9/22 10/20 11/17 12/22; 1998: 1/19 2/16"),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "9/2",
        "1997: 9/2 15 10/2 15 11/2 15 12/2 15; 1998: 1/2 15",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "9/30",
        "1997: 9/30 10/1 31 11/1 30 12/1 31; 1998: 1/1 31 2/1",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "9/10",
        "1997: 9/10-15; 1999: 3/10-13",
    ),
    ("FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "6/10", JUNE_AND_JULY),
    ("FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "3/10", SPRING_MONTHS),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1/1",
        "1997: 1/1 4/10 7/19; 2000: 1/1 4/9 7/18; 2003: 1/1 4/10 7/19; 2006: 1/1",
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "9/4", "1997: 9/4 10/7 11/6"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "8/5", "1997: 8/5 10 19 24"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "8/5", "1997: 8/5 17 19 31"),
]

ENDLESS = [
    ("FREQ=DAILY;INTERVAL=2", "9/2", "1997: 9/2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 10/2"),
    (
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "9/2",
        "1997: 9/2 16 30 10/14 28 11/11 25 12/9 23; 1998: 1/6 20 2/3 17",
    ),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "9/28", "1997: 9/28 10/29 11/28 12/29; 1998: 1/29 2/26"),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "9/2",
        "1997: 9/2 9 16 23 30 11/4 11 18 25; 1998: 1/6 13 20 27 3/3 10 17 24 31",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "5/19", "1997: 5/19; 1998: 5/18; 1999: 5/17"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "5/12", "1997: 5/12; 1998: 5/11; 1999: 5/17"),
    (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "3/13",
        "1997: 3/13 20 27; 1998: 3/5 12 19 26; 1999: 3/4 11 18 25",
    ),
    ("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "6/5", SUMMER_THURSDAYS),
    ("FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "9/13", FIRST_SATURDAYS),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "9/29",
        "1997: 9/29 10/30 11/27 12/30; 1998: 1/29 2/26 3/30",
    ),
]


def _start(told: str) -> datetime:
    return at(9, f"1997: {told}")[0]


@pytest.mark.parametrize(("rule", "start", "expected"), ENDING)
def test_an_example_that_ends(rule: str, start: str, expected: str) -> None:
    assert locals_of(schedule(rule, _start(start))) == at(9, expected)


@pytest.mark.parametrize(("rule", "start", "expected"), ENDLESS)
def test_an_example_without_end(rule: str, start: str, expected: str) -> None:
    wanted = at(9, expected)
    assert locals_of(schedule(rule, _start(start)), len(wanted)) == wanted


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    ],
)
def test_every_day_in_january_for_three_years(rule: str) -> None:
    assert locals_of(schedule(rule, datetime(1998, 1, 1, 9))) == at(9, JANUARIES)


def test_friday_the_13th_without_its_start() -> None:
    start = datetime(1997, 9, 2, 9)
    plan = schedule("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", start, exdates=(start,))
    assert locals_of(plan, 5) == at(9, "1998: 2/13 3/13 11/13; 1999: 8/13; 2000: 10/13")


def test_the_day_of_american_elections() -> None:
    rule = "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"
    plan = schedule(rule, datetime(1996, 11, 5, 9))
    assert locals_of(plan, 3) == at(9, "1996: 11/5; 2000: 11/7; 2004: 11/2")


def test_every_twenty_minutes_of_the_working_day() -> None:
    rule = "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40"
    found = locals_of(schedule(rule, datetime(1997, 9, 2, 9)), 25)
    assert found[:4] == [datetime(1997, 9, 2, 9, minute) for minute in (0, 20, 40)] + [
        datetime(1997, 9, 2, 10)
    ]
    assert found[23:] == [datetime(1997, 9, 2, 16, 40), datetime(1997, 9, 3, 9)]


def test_a_day_that_february_lacks_is_left_out() -> None:
    plan = schedule("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", datetime(2007, 1, 15, 9))
    assert locals_of(plan) == at(9, "2007: 1/15 30 2/15 3/15 30")


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=MONTHLY;SKIP=OMIT", date(2014, 1, 31), "2014: 1/31 3/31 5/31 7/31"),
        ("FREQ=MONTHLY;SKIP=BACKWARD", date(2014, 1, 31), "2014: 1/31 2/28 3/31 4/30"),
        ("FREQ=MONTHLY;SKIP=FORWARD", date(2014, 1, 31), "2014: 1/31 3/1 31 5/1"),
        ("FREQ=YEARLY", date(2016, 2, 29), "2016: 2/29; 2020: 2/29; 2024: 2/29"),
        ("FREQ=YEARLY;SKIP=BACKWARD", date(2016, 2, 29), "2016: 2/29; 2017: 2/28; 2018: 2/28"),
        ("FREQ=YEARLY;SKIP=FORWARD", date(2016, 2, 29), "2016: 2/29; 2017: 3/1; 2018: 3/1"),
    ],
)
def test_days_that_a_month_lacks_are_skipped_as_asked(
    rule: str, start: date, expected: str
) -> None:
    wanted = days(expected)
    assert days_of(f"RSCALE=GREGORIAN;{rule};COUNT={len(wanted)}", start) == wanted
