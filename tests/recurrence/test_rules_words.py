"""Rules in plain English."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from recurrence_app.rules import Local, Rule, Schedule, describe, parse
from tests.recurrence.drawn import BOUNDED, rules, starts

BERLIN = ZoneInfo("Europe/Berlin")
LEAP_DAY = date(2024, 2, 29)
MORNING = datetime.fromisoformat("2026-01-31T09:00")

ALL_DAY = [
    ("FREQ=DAILY", "every day"),
    ("FREQ=DAILY;COUNT=1", "every day, once"),
    ("FREQ=DAILY;INTERVAL=3;COUNT=10", "every 3 days, 10 times"),
    (
        "FREQ=DAILY;BYMONTH=1,12;BYDAY=SA",
        "every day, but only on Saturday, in January and December",
    ),
    ("FREQ=DAILY;BYMONTHDAY=1,-1", "every day, but only on the 1st and the last day of the month"),
    ("FREQ=WEEKLY", "every week on Thursday"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every week from Monday to Friday"),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20271224",
        "every 2 weeks on Monday and Thursday until 24 December 2027",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "every 2 weeks on Tuesday and Sunday, with weeks that begin on Sunday",
    ),
    (
        "FREQ=WEEKLY;BYMONTH=6;BYDAY=MO;UNTIL=20271224",
        "every week on Monday, but only in June, until 24 December 2027",
    ),
    (
        "FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=-1",
        "every week on Monday and Wednesday, of these only the last of each week",
    ),
    ("FREQ=MONTHLY", "every month on the 29th (in February only in leap years)"),
    ("FREQ=MONTHLY;BYMONTHDAY=31", "every month on the 31st (not in shorter months)"),
    (
        "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD",
        "every month on the 31st (the last day of shorter months)",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=30;SKIP=FORWARD",
        "every month on the 30th (the day after shorter months)",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=FORWARD",
        "every month on the 31st to last day (the first day of shorter months)",
    ),
    (
        "FREQ=MONTHLY;BYMONTH=1,3;BYMONTHDAY=31",
        "every month on the 31st, but only in January and March",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=1,2,11,22,-2",
        "every month on the 1st, the 2nd, the 11th, the 22nd and the 2nd to last day",
    ),
    ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
    (
        "FREQ=MONTHLY;BYDAY=MO,1WE,-2FR",
        "every month on each Monday, the first Wednesday and the 2nd to last Friday",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "every month on the 13th, but only if that is a Friday",
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=7;BYDAY=1FR",
        "every month on the 7th, but only if that is the first Friday of the month",
    ),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
    (
        "FREQ=MONTHLY;BYDAY=TU,WE;BYSETPOS=1,3",
        "every month on the first and third Tuesday or Wednesday",
    ),
    ("FREQ=YEARLY", "every year on 29 February (only in leap years)"),
    ("FREQ=YEARLY;SKIP=BACKWARD", "every year on 29 February (28 February in common years)"),
    ("FREQ=YEARLY;SKIP=FORWARD", "every year on 29 February (1 March in common years)"),
    ("FREQ=YEARLY;BYMONTH=3,4", "every year on the 29th of March and April"),
    ("FREQ=YEARLY;BYMONTHDAY=1", "every year on the 1st of every month"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "every year on the last day of February"),
    ("FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU", "every year on the last Sunday of March and October"),
    (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=SA,SU;BYSETPOS=1",
        "every year on the first Saturday or Sunday of March",
    ),
    ("FREQ=YEARLY;BYDAY=TH", "every year on each Thursday"),
    ("FREQ=YEARLY;BYDAY=20MO", "every year on the 20th Monday of the year"),
    (
        "FREQ=YEARLY;BYYEARDAY=1,100,-1",
        "every year on the 1st, the 100th and the last day of the year",
    ),
    ("FREQ=YEARLY;BYWEEKNO=20,-1", "every year on Thursday of week 20 and the last week"),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "every 4 years on the 2nd to the 8th of November, but only if that is a Tuesday",
    ),
    (
        "FREQ=YEARLY;BYYEARDAY=60;BYMONTHDAY=1;BYWEEKNO=9;BYDAY=MO;BYMONTH=3;WKST=SU",
        "every year on the 60th day of the year, but only on the 1st of the month, in week 9,"
        " if that is a Monday, in March, with weeks that begin on Sunday",
    ),
]
TIMED = [
    ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday at 09:00"),
    ("FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30", "every day at 09:30 and 17:30"),
    ("FREQ=DAILY;BYSECOND=0,5", "every day at 09:00 and 09:00:05"),
    ("FREQ=DAILY;BYHOUR=9,10;BYSETPOS=-1", "every day at 10:00"),
    ("FREQ=DAILY;BYHOUR=9,10;BYSETPOS=3", "every day at no time of day"),
    (
        "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,15,30,45",
        "every day at 8 times of day from 09:00 to 10:45",
    ),
    ("FREQ=DAILY;UNTIL=20261231T080000Z", "every day at 09:00 until 31 December 2026"),
    ("FREQ=DAILY;UNTIL=20261231T073000Z", "every day at 09:00 until 31 December 2026 at 08:30"),
    ("FREQ=DAILY;UNTIL=99991231T235959Z", "every day at 09:00 until 31 December 9999"),
]


@pytest.mark.parametrize(("rule", "words"), ALL_DAY)
def test_an_all_day_rule_in_words(rule: str, words: str) -> None:
    assert describe(Schedule(LEAP_DAY, BERLIN, parse(rule))) == words


@pytest.mark.parametrize(("rule", "words"), TIMED)
def test_a_rule_with_times_in_words(rule: str, words: str) -> None:
    assert describe(Schedule(MORNING, BERLIN, parse(rule))) == words


@pytest.mark.parametrize(
    ("rule", "others", "words"),
    [
        (None, {}, "once on 29 February 2024"),
        (None, {"rdates": (date(2026, 5, 1),)}, "once on 29 February 2024, also on 1 May 2026"),
        ("FREQ=DAILY", {"end_date": date(2026, 5, 1)}, "every day until 1 May 2026"),
        (
            "FREQ=DAILY;UNTIL=20260401",
            {"end_date": date(2026, 5, 1)},
            "every day until 1 April 2026",
        ),
        (
            "FREQ=DAILY",
            {"exdates": (date(2026, 5, 2), date(2026, 5, 1), date(2026, 5, 2))},
            "every day, except on 1 May 2026 and 2 May 2026",
        ),
        (
            "FREQ=DAILY",
            {"exdates": tuple(date(2026, 5, day) for day in range(1, 9))},
            "every day, except on 8 dates",
        ),
    ],
)
def test_the_dates_beside_a_rule(rule: str | None, others: dict[str, Any], words: str) -> None:
    assert describe(Schedule(LEAP_DAY, BERLIN, parse(rule) if rule else None, **others)) == words


@BOUNDED
@given(rules(), starts())
def test_every_rule_has_words(rule: Rule, start: Local) -> None:
    plan = Schedule(start, BERLIN, rule, exdates=(start + timedelta(days=1),))
    words = describe(plan)
    assert words.startswith("every ")
    assert "  " not in words
    assert ",," not in words
    assert " ," not in words
