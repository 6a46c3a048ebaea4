"""All-day and to the minute: two kinds of due time, never both. Alice lives in Berlin."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tests.conftest import TaskOf

pytestmark = pytest.mark.django_db

DAY = {"due_date": "2026-03-02"}
INSTANT = {"due_at": "2026-03-02T23:30:00-05:00", "due_timezone": "America/New_York"}


@pytest.mark.parametrize(
    ("body", "due"),
    [
        (DAY, ("2026-03-02", None, None)),
        (INSTANT, (None, "2026-03-03T04:30:00Z", "America/New_York")),
        ({"due_at": INSTANT["due_at"]}, (None, "2026-03-03T04:30:00Z", "Europe/Berlin")),
        (INSTANT | {"due_timezone": None}, (None, "2026-03-03T04:30:00Z", "Europe/Berlin")),
        (INSTANT | {"due_date": None}, (None, "2026-03-03T04:30:00Z", "America/New_York")),
        ({"due_date": None, "due_at": None, "due_timezone": None}, (None, None, None)),
    ],
)
def test_a_new_task_is_due(api: APIClient, body: dict[str, Any], due: tuple[Any, ...]) -> None:
    assert _due(api.post("/api/tasks", {"title": "Pay the rent", **body})) == due


@pytest.mark.parametrize(
    ("first", "then", "due"),
    [
        (INSTANT, DAY, ("2026-03-02", None, None)),
        (DAY, INSTANT, (None, "2026-03-03T04:30:00Z", "America/New_York")),
        (
            INSTANT,
            {"due_at": "2026-03-05T00:00:00Z"},
            (None, "2026-03-05T00:00:00Z", "America/New_York"),
        ),
        (
            INSTANT,
            {"due_timezone": "Asia/Tokyo"},
            (None, "2026-03-03T04:30:00Z", "Asia/Tokyo"),
        ),
        (INSTANT, {"due_timezone": None}, (None, "2026-03-03T04:30:00Z", "Europe/Berlin")),
        (INSTANT, {"due_at": None}, (None, None, None)),
        (INSTANT, {"due_date": None}, (None, "2026-03-03T04:30:00Z", "America/New_York")),
        (DAY, {"due_date": None}, (None, None, None)),
        (DAY, {"due_at": None}, ("2026-03-02", None, None)),
    ],
)
def test_a_changed_due_time_takes_the_others_place(
    api: APIClient, first: dict[str, Any], then: dict[str, Any], due: tuple[Any, ...]
) -> None:
    task: Any = api.post("/api/tasks", {"title": "Pay the rent", **first})

    assert _due(api.patch(f"/api/tasks/{task.json()['id']}", then)) == due


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (DAY | INSTANT, "due_at"),
        (DAY | {"due_timezone": "Europe/Berlin"}, "due_timezone"),
        ({"due_timezone": "Europe/Berlin"}, "due_timezone"),
        (INSTANT | {"due_timezone": "Mars/Olympus"}, "due_timezone"),
    ],
)
def test_what_does_not_go_together_is_refused(
    api: APIClient, body: dict[str, Any], field: str
) -> None:
    answer: Any = api.post("/api/tasks", {"title": "Pay the rent", **body})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert not Task.objects.exists()


def test_an_all_day_task_becomes_overdue_when_the_owners_day_ends(
    alice: User, task_of: TaskOf
) -> None:
    """Also across the night in which the clocks go forward."""
    task_of(alice, due_date=date(2026, 3, 29))

    ends = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert Task.objects.with_due(alice).get().due == ends  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "columns",
    [
        {"due_date": date(2026, 3, 2), "due_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"due_at": datetime(2026, 3, 2, tzinfo=UTC), "due_timezone": ""},
        {"due_timezone": "UTC"},
        {"due_date": date(1, 1, 1)},
        {"due_date": date(9999, 12, 31)},
        {"status": "done"},
        {"status": "completed"},
        {"priority": 5},
        {"title": ""},
    ],
)
def test_the_database_holds_what_no_task_may_be(
    alice: User, task_of: TaskOf, columns: dict[str, Any]
) -> None:
    task_of(alice)

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.update(**columns)


def _due(answer: Any) -> tuple[Any, ...]:
    assert answer.status_code < 300, answer.content
    return tuple(answer.json()[name] for name in ("due_date", "due_at", "due_timezone"))
