from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import TaskOf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tasks(alice: User, task_of: TaskOf) -> None:
    """Due in the order d, b, c; a is never due."""
    task_of(alice, title="a", priority=4, tags=["home", "bank"])
    task_of(alice, title="b", priority=1, due_date=date(2026, 3, 2), tags=["home"])
    task_of(alice, title="c", priority=4, due_at=_at(3, 8), status="completed")
    task_of(alice, title="d", priority=3, due_at=_at(2, 22), status="in_progress")


def test_a_list_is_a_page(api: APIClient) -> None:
    page = _list(api, "limit=2&offset=1")

    assert [task["title"] for task in page.pop("items")] == ["b", "c"]
    assert page == {"total": 4, "limit": 2, "offset": 1}


def test_a_page_has_twenty_tasks_unless_asked(api: APIClient, alice: User, task_of: TaskOf) -> None:
    for _ in range(17):
        task_of(alice)
    page = _list(api, "")

    assert (len(page["items"]), page["total"], page["limit"], page["offset"]) == (20, 21, 20, 0)


def test_a_page_beyond_the_end_is_empty(api: APIClient) -> None:
    assert _titles(api, "offset=1000000") == ""


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=pending", "ab"),
        ("status=pending&status=completed", "abc"),
        ("priority=urgent", "ac"),
        ("priority=low&priority=high", "bd"),
        ("tag=home", "ab"),
        ("tag=home&status=completed", ""),
        ("due_after=2026-03-02T22:00:00Z", "bcd"),
        ("due_after=2026-03-02T22:00:01Z&due_before=2026-03-02T23:00:01Z", "b"),
        ("due_before=2026-03-02T23:00:00Z", "d"),
        ("due_before=2026-03-03T00:00:00%2B01:00", "d"),
    ],
)
def test_a_list_is_narrowed(api: APIClient, query: str, titles: str) -> None:
    assert _titles(api, query) == titles


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("sort_by=title", "abcd"),
        ("sort_by=title&sort_order=desc", "dcba"),
        ("sort_by=priority", "bdac"),
        ("sort_by=priority&sort_order=desc", "cadb"),
        ("sort_by=due", "dbca"),
        ("sort_by=due&sort_order=desc", "cbda"),
        ("sort_by=created_at", "abcd"),
        ("sort_by=updated_at&sort_order=desc", "dcba"),
        ("sort_order=desc", "dcba"),
    ],
)
def test_a_list_is_sorted_and_its_pages_fit_together(
    api: APIClient, query: str, titles: str
) -> None:
    assert _titles(api, query) == titles
    assert "".join(_titles(api, f"{query}&limit=1&offset={at}") for at in range(4)) == titles


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=%C2%B2", "limit"),
        ("offset=-1", "offset"),
        ("offset=1000001", "offset"),
        ("offset=" + "9" * 5000, "offset"),
        ("status=done", "status"),
        ("priority=1", "priority"),
        ("tag=" + "x" * 51, "tag"),
        ("due_before=tomorrow", "due_before"),
        ("due_before=2026-02-30T00:00:00Z", "due_before"),
        ("due_before=2026-03-01T00:00:00", "due_before"),
        ("due_after=0001-01-01T00:00:00%2B14:00", "due_after"),
        ("due_after=9999-12-31T23:59:59-14:00", "due_after"),
        ("sort_by=id", "sort_by"),
        ("sort_order=down", "sort_order"),
        ("user=bob", "user"),
        ("format=xml", "format"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(
    api: APIClient, query: str, parameter: str
) -> None:
    answer: Any = api.get(f"/api/tasks?{query}")

    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [parameter]


def _list(api: APIClient, query: str) -> dict[str, Any]:
    answer: Any = api.get(f"/api/tasks?{query}")
    assert answer.status_code == 200, answer.content
    page: dict[str, Any] = answer.json()
    return page


def _titles(api: APIClient, query: str) -> str:
    return "".join(task["title"] for task in _list(api, query)["items"])


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)
