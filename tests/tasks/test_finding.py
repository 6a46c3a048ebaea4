"""Lists narrowed by tags, by days of the owner's calendar and by times. Alice lives in Berlin."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import update_account
from tasks_app.due_words import due
from tasks_app.models import Task
from tests.conftest import TaskOf
from tests.contract import problems

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("tag=home", "abd"),
        ("tag=home&tag=bank", "ab"),
        ("tag_any=bank&tag_any=garden", "abc"),
        ("tag_none=home", "ce"),
        ("tag_none=home&tag_none=bank", "e"),
        ("tag=home&tag_none=bank", "d"),
        ("tagged=true", "abcd"),
        ("tagged=false", "e"),
        ("tag=nobody's", ""),
        ("tag=", "abcde"),
    ],
)
def test_by_tags(
    api: APIClient, alice: User, bob: User, task_of: TaskOf, query: str, titles: str
) -> None:
    for title, tags in {
        "a": ["home", "bank"],
        "b": ["home", "bank", "garden"],
        "c": ["bank"],
        "d": ["home"],
        "e": [],
    }.items():
        task_of(alice, title=title, tags=tags)
    task_of(bob, title="x", tags=["home", "bank", "nobody's"])

    assert _titles(api, query) == titles


# On the 29th of March 2026, when Berlin's clocks go forward, seen at 21:30 UTC, 23:30 there.
NOW = datetime(2026, 3, 29, 21, 30, tzinfo=UTC)
DUE: dict[str, dict[str, Any]] = {
    "a": {"due_date": date(2026, 3, 28)},
    "b": {"due_date": date(2026, 3, 29)},
    "c": {"due_date": date(2026, 3, 30)},
    "d": {"due_at": datetime(2026, 3, 28, 22, 59, tzinfo=UTC)},  # 23:59 on the 28th
    "e": {"due_at": datetime(2026, 3, 28, 23, 0, tzinfo=UTC)},  # the 29th begins
    "f": {"due_at": datetime(2026, 3, 29, 21, 59, tzinfo=UTC)},  # 23:59 on the 29th
    "g": {"due_at": datetime(2026, 3, 29, 22, 0, tzinfo=UTC)},  # the 30th begins
    "h": {"due_date": date(2026, 4, 4)},
    "i": {"due_date": date(2026, 4, 5)},
    "j": {},
    "k": {"due_date": date(2026, 3, 1), "status": "completed"},
}


@pytest.mark.parametrize(
    ("word", "titles"),
    [
        ("today", "bef"),
        ("tomorrow", "cg"),
        ("overdue", "ade"),
        ("next-7-days", "bcefgh"),
        ("none", "j"),
        ("2026-03-28", "ad"),
        ("2026-03-28..2026-03-29", "abdef"),
        ("2026-03-01", "k"),
    ],
)
def test_a_day_is_the_owners(alice: User, task_of: TaskOf, word: str, titles: str) -> None:
    for title, fields in DUE.items():
        task_of(alice, title=title, **fields)

    found = Task.objects.filter(due(word, now=NOW, zone=BERLIN))

    assert "".join(sorted(task.title for task in found)) == titles


@pytest.mark.parametrize(("minute", "is_overdue"), [(59, False), (60, True)])
def test_an_all_day_task_is_overdue_when_the_day_has_ended_there(
    alice: User, task_of: TaskOf, minute: int, is_overdue: bool
) -> None:
    task_of(alice, due_date=date(2026, 3, 29))
    now = datetime(2026, 3, 29, 21, 0, tzinfo=UTC) + timedelta(minutes=minute)

    assert Task.objects.filter(due("overdue", now=now, zone=BERLIN)).exists() is is_overdue


def test_an_all_day_task_follows_its_owner(api: APIClient, alice: User, task_of: TaskOf) -> None:
    """Kiritimati and Pago Pago never have the same date."""
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        update_account(user=alice, actor=alice, now=timezone.now(), changes={"time_zone": zone})
        here = timezone.now().astimezone(ZoneInfo(zone)).date()
        task_of(alice, title="x", due_date=here)
        assert _titles(api, "due=today") == "x"
        Task.objects.all().delete()
        task_of(alice, title="x", due_date=here - timedelta(days=1))
        assert (_titles(api, "due=today"), _titles(api, "due=overdue")) == ("", "x")
        Task.objects.all().delete()


def test_several_words_are_any_of_them(api: APIClient, alice: User, task_of: TaskOf) -> None:
    task_of(alice, title="a")
    task_of(alice, title="b", due_date=date(2031, 3, 1))
    task_of(alice, title="c", due_date=date(2031, 3, 2))

    assert _titles(api, "due=none&due=2031-03-02") == "ac"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("recurring=true", "b"),
        ("recurring=false", "ac"),
        ("created_after=2026-03-02T00:00:00Z", "bc"),
        ("created_before=2026-03-02T00:00:00Z", "a"),
        ("updated_after=2026-03-02T00:00:00Z&updated_before=2026-03-03T00:00:00Z", "b"),
        ("completed_after=2026-01-01T00:00:00Z", "c"),
        ("completed_before=2026-01-01T00:00:00Z", ""),
        ("due_after=2026-03-02T00:00:00+01:00", "b"),
    ],
)
def test_by_times(api: APIClient, alice: User, task_of: TaskOf, query: str, titles: str) -> None:
    for day, title in enumerate("abc", start=1):
        task = task_of(alice, title=title)
        moment = datetime(2026, 3, day, 12, tzinfo=UTC)
        Task.objects.filter(pk=task.pk).update(created_at=moment, updated_at=moment)
    Task.objects.filter(title="b").update(
        recurring_task_id="0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a11", due_date=date(2026, 3, 5)
    )
    Task.objects.filter(title="c").update(
        status="completed", completed_at=datetime(2026, 3, 5, tzinfo=UTC)
    )

    assert _titles(api, query) == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("sort_by=priority,title", "cabd"),
        ("sort_by=priority,title&sort_order=desc", "dbac"),
        ("sort_by=priority,title&sort_order=desc,asc", "abdc"),
        ("sort_by=priority,title&sort_order=asc,desc", "cdba"),
        ("sort_by=status,title", "dabc"),
    ],
)
def test_by_several_fields(
    api: APIClient, alice: User, task_of: TaskOf, query: str, titles: str
) -> None:
    for title in "dbac":
        status = "completed" if title == "d" else "pending"
        task_of(alice, title=title, priority=1 if title == "c" else 3, status=status)

    assert _titles(api, query) == titles


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("due=yesterday", "due"),
        ("due=2026-02-30", "due"),
        ("due=2026-W01-1", "due"),
        ("due=1899-12-31", "due"),
        ("due=2026-03-02..2026-03-01", "due"),
        ("due=&due=today", "due"),
        ("due=today%00", "due"),
        ("tag_any=" + "x" * 51, "tag_any"),
        ("&".join(["tag=x"] * 51), "tag"),
        ("tagged=yes", "tagged"),
        ("recurring=1", "recurring"),
        ("created_after=2026-03-01", "created_after"),
        ("completed_before=soon", "completed_before"),
        ("q=" + "x" * 201, "q"),
        ("q=x%00", "q"),
        ("q=a&q=b", "q"),
        ("sort_by=priority,", "sort_by"),
        ("sort_by=priority,priority", "sort_by"),
        ("sort_by=title&sort_order=asc,desc", "sort_order"),
        ("sort_by=title&sort_by=due", "sort_by"),
    ],
)
def test_what_means_nothing_is_named(api: APIClient, query: str, parameter: str) -> None:
    problems.check(api.get(f"/api/tasks?{query}"), 400, parameter)


def _titles(api: APIClient, query: str) -> str:
    answer: Any = api.get(f"/api/tasks?{query}")
    assert answer.status_code == 200, answer.content
    return "".join(task["title"] for task in answer.json()["items"])
