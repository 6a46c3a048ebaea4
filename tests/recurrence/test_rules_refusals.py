"""What cannot be a rule, or a schedule, is refused by the name of its part."""

# ruff: noqa: DTZ001 - wall time has no offset

from datetime import UTC, date, datetime
from typing import Any

import pytest

from recurrence_app.rules import Frequency, Rule, RuleError, parse, simple
from tests.recurrence.expanding import schedule

BAD_RULES = [
    ("", "rrule"),
    ("RRULE:", "rrule"),
    ("every day", "rrule"),
    ("FREQ=DAILY;", "rrule"),
    ("FREQ=DAILY;;COUNT=2", "rrule"),
    ("FREQ=DAILY;COUNT", "rrule"),
    ("FREQ=DAILY\nRRULE:FREQ=DAILY", "FREQ"),
    ("COUNT=3", "FREQ"),
    ("FREQ=", "FREQ"),
    ("FREQ=HOURLY", "FREQ"),
    ("FREQ=MINUTELY", "FREQ"),
    ("FREQ=SECONDLY", "FREQ"),
    ("FREQ=FORTNIGHTLY", "FREQ"),
    ("FREQ=DAILY;FREQ=DAILY", "FREQ"),
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=10000", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=1.5", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=²", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=1;INTERVAL=2", "INTERVAL"),
    ("FREQ=DAILY;COUNT=0", "COUNT"),
    ("FREQ=DAILY;COUNT=99999", "COUNT"),
    ("FREQ=DAILY;COUNT=", "COUNT"),
    ("FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z", "COUNT"),
    ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL"),
    ("FREQ=DAILY;UNTIL=20260230T000000Z", "UNTIL"),
    ("FREQ=DAILY;UNTIL=20260228T250000Z", "UNTIL"),
    ("FREQ=DAILY;UNTIL=20260228T000000+0100", "UNTIL"),
    ("FREQ=DAILY;BYMONTH=13", "BYMONTH"),
    ("FREQ=DAILY;BYMONTH=0", "BYMONTH"),
    ("FREQ=DAILY;BYMONTH=-1", "BYMONTH"),
    ("FREQ=DAILY;BYMONTH=5L", "BYMONTH"),
    ("FREQ=DAILY;BYMONTH=1,,2", "BYMONTH"),
    ("FREQ=DAILY;BYMONTH=1, 2", "BYMONTH"),
    ("FREQ=DAILY;BYMONTHDAY=0", "BYMONTHDAY"),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
    ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY"),
    ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY"),
    ("FREQ=YEARLY;BYYEARDAY=0", "BYYEARDAY"),
    ("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY"),
    ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY"),
    ("FREQ=WEEKLY;BYYEARDAY=1", "BYYEARDAY"),
    ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY"),
    ("FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO"),
    ("FREQ=YEARLY;BYWEEKNO=0", "BYWEEKNO"),
    ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO"),
    ("FREQ=MONTHLY;BYDAY=XX", "BYDAY"),
    ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY"),
    ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY"),
    ("FREQ=MONTHLY;BYDAY=1", "BYDAY"),
    ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
    ("FREQ=DAILY;BYDAY=-1FR", "BYDAY"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "BYDAY"),
    ("FREQ=DAILY;BYHOUR=24", "BYHOUR"),
    ("FREQ=DAILY;BYHOUR=-1", "BYHOUR"),
    ("FREQ=DAILY;BYMINUTE=60", "BYMINUTE"),
    ("FREQ=DAILY;BYSECOND=61", "BYSECOND"),
    ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS"),
    ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367", "BYSETPOS"),
    ("FREQ=WEEKLY;WKST=XX", "WKST"),
    ("FREQ=WEEKLY;WKST=MO,TU", "WKST"),
    ("FREQ=MONTHLY;SKIP=SIDEWAYS", "SKIP"),
    ("RSCALE=HEBREW;FREQ=MONTHLY", "RSCALE"),
    ("FREQ=DAILY;BYEASTER=0", "BYEASTER"),
    ("FREQ=DAILY;X-OWN=1", "X-OWN"),
]


@pytest.mark.parametrize(("rule", "part"), BAD_RULES)
def test_a_bad_rule_is_refused_by_its_part(rule: str, part: str) -> None:
    with pytest.raises(RuleError) as refused:
        parse(rule)
    assert refused.value.part == part
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 5000),
        "FREQ=" * 2000,
        ";" * 10_000,
        "FREQ=DAILY;" + "X" * 10_000 + "=1",
    ],
)
def test_a_rule_of_ten_kilobytes_is_refused_for_its_length(rule: str) -> None:
    with pytest.raises(RuleError, match="at most 1000 characters") as refused:
        parse(rule)
    assert refused.value.part == "rrule"


def test_the_name_of_an_unknown_part_is_cut() -> None:
    with pytest.raises(RuleError) as refused:
        parse("FREQ=DAILY;" + "X" * 900 + "=1")
    assert len(refused.value.part) == 40


@pytest.mark.parametrize(
    "text",
    [
        "RRULE:FREQ=MONTHLY;BYDAY=-1FR",
        "freq=monthly;byday=-1fr",
        " FREQ=MONTHLY;BYDAY=-1FR ",
        "BYDAY=-1FR;FREQ=MONTHLY;INTERVAL=1;WKST=MO;SKIP=OMIT;RSCALE=GREGORIAN",
        "FREQ=MONTHLY;BYDAY=-01FR,-1FR;INTERVAL=01",
    ],
)
def test_ways_to_say_one_rule(text: str) -> None:
    assert str(parse(text)) == "FREQ=MONTHLY;BYDAY=-1FR"


@pytest.mark.parametrize(
    ("kind", "interval", "text"),
    [
        ("daily", 1, "FREQ=DAILY"),
        ("weekly", 2, "FREQ=WEEKLY;INTERVAL=2"),
        ("monthly", 1, "FREQ=MONTHLY;SKIP=BACKWARD"),
        ("yearly", 1, "FREQ=YEARLY;SKIP=BACKWARD"),
    ],
)
def test_the_simple_rules(kind: str, interval: int, text: str) -> None:
    assert str(simple(kind, interval)) == text


@pytest.mark.parametrize(
    ("kind", "interval", "part"), [("hourly", 1, "FREQ"), ("daily", 0, "INTERVAL")]
)
def test_a_bad_simple_rule_is_refused(kind: str, interval: int, part: str) -> None:
    with pytest.raises(RuleError) as refused:
        simple(kind, interval)
    assert refused.value.part == part


def test_an_instant_as_until_is_said_in_utc() -> None:
    until = datetime.fromisoformat("2026-12-31T10:00:00.5+01:00")
    rule = Rule(Frequency.DAILY, until=until)
    assert str(rule) == "FREQ=DAILY;UNTIL=20261231T090000Z"
    assert parse(str(rule)) == rule


DAY, TIME = date(2026, 5, 1), datetime(2026, 5, 1, 9)
BAD_SCHEDULES: list[tuple[str, Any, dict[str, Any], str]] = [
    ("FREQ=DAILY;UNTIL=20270101T000000Z", DAY, {}, "UNTIL"),
    ("FREQ=DAILY;UNTIL=20270101T000000", DAY, {}, "UNTIL"),
    ("FREQ=DAILY;UNTIL=20270101", TIME, {}, "UNTIL"),
    ("FREQ=DAILY", TIME.replace(tzinfo=UTC), {}, "start"),
    ("FREQ=DAILY", TIME.replace(microsecond=1), {}, "start"),
    ("FREQ=DAILY", date(1899, 12, 31), {}, "start"),
    ("FREQ=DAILY", datetime(2201, 1, 1), {}, "start"),
    ("FREQ=DAILY", DAY, {"end_date": date(2026, 4, 30)}, "end_date"),
    ("FREQ=DAILY", TIME, {"end_date": date(2026, 4, 30)}, "end_date"),
    ("FREQ=DAILY", DAY, {"rdates": (TIME,)}, "rdates"),
    ("FREQ=DAILY", TIME, {"rdates": (TIME, DAY)}, "rdates"),
    ("FREQ=DAILY", DAY, {"rdates": (date(2300, 1, 1),)}, "rdates"),
    ("FREQ=DAILY", TIME, {"exdates": (DAY,)}, "exdates"),
    ("FREQ=DAILY", TIME, {"exdates": (TIME.replace(tzinfo=UTC),)}, "exdates"),
]


@pytest.mark.parametrize(("rule", "start", "others", "part"), BAD_SCHEDULES)
def test_parts_that_do_not_go_together_are_refused(
    rule: str, start: Any, others: dict[str, Any], part: str
) -> None:
    with pytest.raises(RuleError) as refused:
        schedule(rule, start, **others)
    assert refused.value.part == part
