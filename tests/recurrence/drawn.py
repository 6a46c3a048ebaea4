"""Rules and starts drawn at random, the corners more often than chance has them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from recurrence_app.rules import Frequency, Local, Rule, RuleError, Schedule, Skip, Weekday

BOUNDED = settings(
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
ZONES = st.sampled_from(
    [
        "UTC",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Asia/Tehran",
        "Africa/Cairo",
    ]
).map(ZoneInfo)
STARTS = st.dates(date(2019, 1, 1), date(2028, 12, 31)) | st.sampled_from(
    [date(2020, 2, 29), date(2021, 1, 1), date(2023, 12, 31), date(2024, 1, 31), date(2027, 1, 3)]
)
TIMES = st.sampled_from([time(0), time(2, 30), time(9), time(23, 59, 59)])
MONTHS = st.integers(1, 12) | st.just(2)
MONTH_DAYS = st.integers(-31, 31).filter(bool) | st.sampled_from([29, 30, 31, -29, -30, -31])
YEAR_DAYS = st.integers(-366, 366).filter(bool) | st.sampled_from([1, 60, 366, -1, -366])
WEEKS = st.integers(-53, 53).filter(bool) | st.sampled_from([1, 52, 53, -1, -53])
POSITIONS = st.integers(-4, 4).filter(bool)


def _some(values: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    few = st.lists(values, min_size=1, max_size=most, unique=True).map(tuple)
    return st.just(()) | few


@st.composite
def starts(draw: st.DrawFn) -> Local:
    day = draw(STARTS)
    return datetime.combine(day, draw(TIMES)) if draw(st.booleans()) else day


@st.composite
def rules(draw: st.DrawFn, *, skips: bool = True) -> Rule:
    """Without COUNT and UNTIL."""
    freq = draw(st.sampled_from(Frequency))
    yearly, weekly = freq is Frequency.YEARLY, freq is Frequency.WEEKLY
    weeks = draw(_some(WEEKS)) if yearly and draw(st.booleans()) else ()
    numbered = not weeks and freq in (Frequency.YEARLY, Frequency.MONTHLY)
    farthest = 53 if yearly else 5
    ordinals = st.just(0) | st.integers(-farthest, farthest) if numbered else st.just(0)
    parts: dict[str, Any] = {
        "interval": draw(st.sampled_from([1, 1, 1, 2, 3, 4, 12])),
        "by_month": draw(_some(MONTHS)),
        "by_week_no": weeks,
        "by_year_day": draw(_some(YEAR_DAYS)) if yearly and draw(st.booleans()) else (),
        "by_month_day": () if weekly else draw(_some(MONTH_DAYS)),
        "by_day": draw(_some(st.builds(Weekday, ordinals, st.integers(0, 6)), 4)),
        "by_hour": draw(_some(st.integers(0, 23), 2)),
        "by_minute": draw(_some(st.sampled_from([0, 30]), 2)),
        "by_second": draw(st.sampled_from([(), (), (0, 59, 60)])),
        "by_set_pos": draw(_some(POSITIONS)),
        "week_start": draw(st.integers(0, 6)),
        "skip": draw(st.sampled_from(Skip)) if skips else Skip.OMIT,
    }
    try:
        return Rule(freq, **parts)
    except RuleError:  # BYSETPOS alone
        return Rule(freq, **parts | {"by_set_pos": ()})


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """With few dates beside the rule, near its start."""
    start, rule = draw(starts()), draw(rules())
    near = st.integers(0, 900).map(lambda days: start + timedelta(days=days))
    dates = st.lists(near, max_size=3).map(tuple)
    end = draw(st.none() | st.integers(0, 2000))
    first_day = start.date() if isinstance(start, datetime) else start
    return Schedule(
        start,
        draw(ZONES),
        rule,
        rdates=draw(dates),
        exdates=draw(dates),
        end_date=None if end is None else first_day + timedelta(days=end),
    )
