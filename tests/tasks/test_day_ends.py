"""When the day of an all-day task ends: PostgreSQL sorts and compares by Python's zones."""

import importlib.resources
import zoneinfo
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.due import EARLIEST, LATEST, DayEnd, day_start
from tasks_app.models import Task
from tests.conftest import TaskOf

pytestmark = pytest.mark.django_db

DAYS = [
    EARLIEST,
    date(1943, 4, 18),
    date(2000, 10, 8),  # Boa Vista turned its clocks on the 8th, and back on the 15th
    date(2000, 10, 14),
    date(2026, 3, 7),
    date(2026, 3, 28),
    date(2026, 7, 10),
    date(2026, 10, 24),
    date(2026, 10, 31),  # a midnight comes twice in Havana
    date(2040, 10, 27),  # in Gaza's Ramadan, forward and back within a week
    LATEST,
]


def test_a_day_ends_at_the_instant_that_the_calendar_has(alice: User, task_of: TaskOf) -> None:
    for day in DAYS:
        task_of(alice, due_date=day)

    for name in _zones():
        zone = zoneinfo.ZoneInfo(name)
        ends = Task.objects.annotate(ends=DayEnd("due_date", zone)).values_list("due_date", "ends")
        assert dict(ends) == {day: day_start(day + timedelta(days=1), zone) for day in DAYS}, name


@pytest.mark.parametrize(
    ("zone", "day", "ends"),
    [
        ("CET", "2026-07-10", "2026-07-10T22:00:00Z"),  # to PostgreSQL, an hour for the whole year
        ("WET", "2026-07-10", "2026-07-10T23:00:00Z"),
        ("America/Havana", "2026-10-31", "2026-11-01T04:00:00Z"),
        ("Atlantic/Azores", "2026-10-24", "2026-10-25T00:00:00Z"),
        ("America/Santiago", "2026-09-05", "2026-09-06T04:00:00Z"),  # this midnight is skipped
    ],
)
def test_lists_ask_for_that_instant(
    api: APIClient, alice: User, task_of: TaskOf, zone: str, day: str, ends: str
) -> None:
    User.objects.update(time_zone=zone)
    task_of(alice, due_date=date.fromisoformat(day))

    def found(query: str) -> int:
        answer: Any = api.get(f"/api/tasks?{query}")
        assert answer.status_code == 200, answer.content
        return int(answer.json()["total"])

    assert found(f"due_before={quote(ends)}") == 0
    assert found(f"due_after={quote(ends)}&sort_by=due") == 1


def test_the_rules_are_those_of_the_pinned_package() -> None:
    assert zoneinfo.TZPATH == ()


def _zones() -> list[str]:
    """All there are, but each once of those that are other names of the same."""
    files = importlib.resources.files("tzdata").joinpath("zoneinfo")
    names = sorted(zoneinfo.available_timezones(), reverse=True)
    return sorted({files.joinpath(name).read_bytes(): name for name in names}.values())
