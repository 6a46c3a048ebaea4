"""What holds for every rule, and that the expander agrees with slower ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recurrence_app.rules import Frequency, Local, Occurrence, Rule, Schedule, parse
from tests.recurrence import obvious
from tests.recurrence.drawn import BOUNDED, rules, schedules, starts

FEW = 30
YEARS = 3  # that the slow ones go through


@settings(BOUNDED, max_examples=400)
@given(rules(), starts())
def test_the_expander_agrees_with_asking_every_day(rule: Rule, start: Local) -> None:
    last = date(start.year + YEARS, 12, 31)
    found = takewhile(lambda wall: _day(wall) <= last, _walls(rule, start))
    assert list(found) == obvious.walls(rule, start, last)


@settings(BOUNDED, max_examples=400)
@given(rules(skips=False), starts())
def test_the_expander_agrees_with_dateutil_where_that_is_right(rule: Rule, start: Local) -> None:
    ordinals = {bool(weekday.ordinal) for weekday in rule.by_day}
    assume(len(ordinals) < 2)
    assume(not rule.by_week_no)
    assume(not (rule.freq is Frequency.WEEKLY and rule.by_set_pos))
    assume(60 not in rule.by_second)
    found = [_timed(wall) for wall in islice(_walls(rule, start), FEW)]
    assume(found)
    # COUNT, because dateutil looks for more up to the year 9999.
    theirs = rrulestr(f"{rule};COUNT={len(found)}", dtstart=_timed(start))
    if not isinstance(start, datetime):
        theirs = theirs.replace(byhour=0, byminute=0, bysecond=0, bysetpos=None)
        assume(not rule.by_set_pos)
    try:
        assert list(theirs) == found
    except IndexError:  # of BYDAY=53MO, where the year has no such day
        assume(False)


@BOUNDED
@given(rules())
def test_the_text_of_a_rule_gives_the_rule(rule: Rule) -> None:
    assert parse(str(rule)) == rule
    assert str(parse(str(rule))) == str(rule)


@settings(BOUNDED, max_examples=200)
@given(schedules())
def test_occurrences_increase_within_their_bounds(plan: Schedule) -> None:
    found = list(islice(plan.occurrences(), FEW))
    assert all(one.at < other.at for one, other in pairwise(found))
    assert all(one.at.tzinfo is UTC for one in found)
    for one in found:
        assert one.local >= min((plan.start, *plan.rdates))
        assert one.local not in plan.exdates
        assert plan.end_date is None or _day(one.local) <= plan.end_date


@settings(BOUNDED, max_examples=200)
@given(schedules())
def test_steps_meet_what_one_walk_meets(plan: Schedule) -> None:
    walked = list(islice(plan.occurrences(), FEW))
    for one, following in pairwise(walked):
        assert next(plan.occurrences(after=one.local)) == following
        assert next(plan.occurrences(after=one.local, inclusive=True)) == one


@settings(BOUNDED, max_examples=200)
@given(schedules(), st.integers(0, 1500), st.integers(0, 86_399))
def test_a_jump_lands_where_a_walk_comes_to(plan: Schedule, days: int, seconds: int) -> None:
    after = _timed(plan.start) + timedelta(days=days, seconds=seconds)
    floor = after.replace(tzinfo=plan.zone).astimezone(UTC)
    until = floor + timedelta(days=400)
    walked = [one for one in _up_to(plan, until) if one.at > floor]
    jumped = takewhile(lambda one: one.at <= until, plan.occurrences(after=after))
    assert list(jumped) == walked


@BOUNDED
@given(rules(), starts(), st.integers(1, 200))
def test_count_takes_the_first(rule: Rule, start: Local, count: int) -> None:
    first = list(islice(_walls(rule, start), count))
    counted = Schedule(start, ZoneInfo("UTC"), replace(rule, count=count))
    assert [one.local for one in counted.occurrences()] == first
    last = counted.last()
    assert (last and last.local) == (first[-1] if first else None)


@BOUNDED
@given(schedules(), st.integers(0, 1000))
def test_an_end_date_takes_what_lies_before_it(plan: Schedule, days: int) -> None:
    end = _day(plan.start) + timedelta(days=days)
    endless = replace(plan, end_date=None)
    until = datetime.combine(end, time(), tzinfo=UTC) + timedelta(days=3)
    wanted = [one for one in _up_to(endless, until) if _day(one.local) <= end]
    ended = replace(plan, end_date=end)
    assert list(ended.occurrences()) == wanted
    assert ended.last() == (wanted[-1] if wanted else None)


def _up_to(plan: Schedule, until: datetime) -> list[Occurrence]:
    return list(takewhile(lambda one: one.at <= until, plan.occurrences()))


def _walls(rule: Rule, start: Local) -> Iterator[Local]:
    plan = Schedule(start, ZoneInfo("UTC"), rule)
    return (one.local for one in plan.occurrences())


def _day(local: Local) -> date:
    return local.date() if isinstance(local, datetime) else local


def _timed(local: Local) -> datetime:
    return local if isinstance(local, datetime) else datetime.combine(local, time())
