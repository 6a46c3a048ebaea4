"""The shell's door to series."""

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tests.recurrence.conftest import SeriesOf


def said(*command: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_a_rule_is_previewed_in_words_and_dates() -> None:
    shown = said(
        *("preview_rule", "FREQ=DAILY", "--start", "2026-03-28T02:30"),
        *("--timezone", "Europe/Berlin", "--count", "3"),
    )
    words, *dates = shown.splitlines()
    assert "day" in words
    assert dates == [
        "Sat 2026-03-28T02:30:00  2026-03-28T01:30:00Z",
        "Sun 2026-03-29T02:30:00  2026-03-29T01:30:00Z",  # skipped: 03:30 there
        "Mon 2026-03-30T02:30:00  2026-03-30T00:30:00Z",
    ]


def test_a_rule_without_occurrences_says_why() -> None:
    shown = said("preview_rule", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "--start", "2026-01-01")
    assert "No occurrences: " in shown


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["FREQ=HOURLY"], "FREQ"),
        (["FREQ=DAILY", "--start", "tomorrow"], "2026-03-31"),
        (["FREQ=DAILY", "--timezone", "Mars/Olympus"], "IANA"),
    ],
)
def test_what_cannot_be_previewed_is_named(arguments: list[str], why: str) -> None:
    with pytest.raises(CommandError, match=why):
        said("preview_rule", *arguments)


@pytest.mark.django_db
def test_what_is_due_is_told_without_making_it(alice: User, series_of: SeriesOf) -> None:
    due = series_of(alice, start_date=date(2026, 3, 1))
    bad = series_of(alice, title="Bad")
    RecurringTask.objects.filter(pk=bad.pk).update(rrule="FREQ=SOMETIMES")

    shown = said("spawn_due", "--dry-run")

    assert f"{due.pk} Water the plants: would make " in shown
    assert "Bad: would fail: RuleError" in shown
    assert "2 series are due; nothing was written." in shown
    assert not Task.objects.exists()


@pytest.mark.django_db
def test_what_is_due_is_made(alice: User, series_of: SeriesOf) -> None:
    series_of(alice, start_date=date(2026, 3, 1), end_date=date(2026, 3, 2), catch_up="latest")
    assert said("spawn_due") == "Tasks made: 1.\n"
    assert Task.objects.count() == 1
