"""Wall time where clocks change, in zones that do it each in their own way."""

# ruff: noqa: DTZ001 - wall time has no offset

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from recurrence_app.rules import Local, Occurrence, Schedule, parse

BERLIN = ZoneInfo("Europe/Berlin")

# The zone, the wall time in question, and the instants on the day before, on that day and behind.
GAPS = [
    ("America/New_York", "2026-03-08 02:30", "03-07 07:30", "03-08 07:30", "03-09 06:30"),
    ("Europe/Berlin", "2026-03-29 02:30", "03-28 01:30", "03-29 01:30", "03-30 00:30"),
    ("Australia/Lord_Howe", "2026-10-04 02:15", "10-02 15:45", "10-03 15:45", "10-04 15:15"),
    ("Africa/Casablanca", "2026-03-22 02:30", "03-21 02:30", "03-22 02:30", "03-23 01:30"),
    ("Asia/Tehran", "2022-03-22 00:30", "03-20 21:00", "03-21 21:00", "03-22 20:00"),
    ("Africa/Cairo", "2026-04-24 00:30", "04-22 22:30", "04-23 22:30", "04-24 21:30"),
]
DOUBLED = [
    ("America/New_York", "2026-11-01 01:30", "10-31 05:30", "11-01 05:30", "11-02 06:30"),
    ("Europe/Berlin", "2026-10-25 02:30", "10-24 00:30", "10-25 00:30", "10-26 01:30"),
    ("Australia/Lord_Howe", "2026-04-05 01:45", "04-03 14:45", "04-04 14:45", "04-05 15:15"),
    ("Africa/Casablanca", "2026-02-15 02:30", "02-14 01:30", "02-15 01:30", "02-16 02:30"),
    ("Asia/Tehran", "2022-09-21 23:30", "09-20 19:00", "09-21 19:00", "09-22 20:00"),
    ("Africa/Cairo", "2026-10-29 23:30", "10-28 20:30", "10-29 20:30", "10-30 21:30"),
]
DAYS = [
    ("Africa/Cairo", "2026-04-24", "04-22 22:00", "04-23 22:00", "04-24 21:00"),
    ("Asia/Tehran", "2022-03-22", "03-20 20:30", "03-21 20:30", "03-22 19:30"),
    ("America/New_York", "2026-03-08", "03-07 05:00", "03-08 05:00", "03-09 04:00"),
]


def _daily(zone: str, middle: Local) -> list[Occurrence]:
    plan = Schedule(middle - timedelta(days=1), ZoneInfo(zone), parse("FREQ=DAILY"))
    return list(islice(plan.occurrences(), 3))


def _instants(year: int, *told: str) -> list[datetime]:
    return [datetime.fromisoformat(f"{year}-{one}").replace(tzinfo=UTC) for one in told]


@pytest.mark.parametrize(("zone", "wall", "before", "then", "behind"), GAPS)
def test_a_skipped_time_is_read_with_the_offset_before(
    zone: str, wall: str, before: str, then: str, behind: str
) -> None:
    middle = datetime.fromisoformat(wall)
    found = _daily(zone, middle)
    assert [one.at for one in found] == _instants(middle.year, before, then, behind)
    assert found[1].local == middle


@pytest.mark.parametrize(("zone", "wall", "before", "then", "behind"), DOUBLED)
def test_a_doubled_time_is_the_first(
    zone: str, wall: str, before: str, then: str, behind: str
) -> None:
    middle = datetime.fromisoformat(wall)
    found = _daily(zone, middle)
    assert [one.at for one in found] == _instants(middle.year, before, then, behind)


@pytest.mark.parametrize(("zone", "day", "before", "then", "behind"), DAYS)
def test_a_day_begins_when_it_does_in_its_zone(
    zone: str, day: str, before: str, then: str, behind: str
) -> None:
    middle = date.fromisoformat(day)
    found = _daily(zone, middle)
    assert [one.at for one in found] == _instants(middle.year, before, then, behind)


def test_nine_o_clock_stays_nine_o_clock() -> None:
    plan = Schedule(datetime(2026, 1, 1, 9), BERLIN, parse("FREQ=MONTHLY;COUNT=12"))
    hours = [one.at.hour for one in plan.occurrences()]
    assert hours == [8, 8, 8, 7, 7, 7, 7, 7, 7, 7, 8, 8]


def test_what_a_gap_moves_comes_in_the_order_of_instants() -> None:
    rule = parse("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;BYSETPOS=2,3")  # 02:30 and 03:00
    plan = Schedule(datetime(2026, 3, 8), ZoneInfo("America/New_York"), rule)
    found = list(islice(plan.occurrences(), 3))
    assert [one.local for one in found] == [
        datetime(2026, 3, 8, 3),
        datetime(2026, 3, 8, 2, 30),
        datetime(2026, 3, 9, 2, 30),
    ]
    assert [one.at for one in found] == _instants(2026, "03-08 07:00", "03-08 07:30", "03-09 06:30")


def test_two_wall_times_of_one_instant_are_one_occurrence() -> None:
    rule = parse("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=30;COUNT=4")
    plan = Schedule(datetime(2026, 3, 7), ZoneInfo("America/New_York"), rule)
    found = list(plan.occurrences())
    # COUNT has counted four wall times.
    assert [one.local for one in found] == [
        datetime(2026, 3, 7, 2, 30),
        datetime(2026, 3, 7, 3, 30),
        datetime(2026, 3, 8, 2, 30),
    ]
    assert plan.last() == found[-1]


def test_a_day_that_a_zone_has_skipped_is_the_day_behind_it() -> None:
    plan = Schedule(datetime(2011, 12, 29, 9), ZoneInfo("Pacific/Apia"), parse("FREQ=DAILY"))
    found = list(islice(plan.occurrences(), 3))
    assert [one.at for one in found] == [
        datetime(2011, 12, day, 19, tzinfo=UTC) for day in (29, 30, 31)
    ]
    assert found[1].local == datetime(2011, 12, 30, 9)
    assert next(plan.occurrences(after=found[1].local)) == found[2]


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
def test_steps_of_after_meet_all_that_one_walk_meets(zone: str) -> None:
    rule = parse("FREQ=DAILY;BYHOUR=0,1,2,3,9;BYMINUTE=0,15,30,45")
    start = datetime(2011, 12, 28) if "Apia" in zone else datetime(2026, 3, 5)
    plan = Schedule(start, ZoneInfo(zone), rule)
    walked = list(islice(plan.occurrences(), 120))
    for one, following in pairwise(walked):
        assert next(plan.occurrences(after=one.local)) == following
        assert next(plan.occurrences(after=one.at)) == following
        assert next(plan.occurrences(after=one.local, inclusive=True)) == one


def test_an_instant_in_the_second_pass_is_behind_the_first() -> None:
    plan = Schedule(
        datetime(2026, 10, 25, 2, 30), BERLIN, parse("FREQ=DAILY;BYHOUR=2;BYMINUTE=30,45")
    )
    second_pass = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 again
    assert next(plan.occurrences(after=second_pass)).local == datetime(2026, 10, 26, 2, 30)


def test_until_is_an_instant() -> None:
    until = "UNTIL=20261025T004500Z"  # 02:45 in its first pass
    plan = Schedule(
        datetime(2026, 10, 25, 2), BERLIN, parse(f"FREQ=DAILY;BYHOUR=2;BYMINUTE=30,50;{until}")
    )
    assert [one.local.isoformat() for one in plan.occurrences()] == ["2026-10-25T02:30:00"]


def test_until_without_a_zone_is_wall_time() -> None:
    plan = Schedule(datetime(2026, 7, 1, 9), BERLIN, parse("FREQ=DAILY;UNTIL=20260703T090000"))
    assert [one.at.day for one in plan.occurrences()] == [1, 2, 3]
