"""Pages that go on where the last one ended, whatever has changed in between."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import TaskOf
from tests.contract import problems
from todo_project.cursors import LONGEST

pytestmark = pytest.mark.django_db

SORTS = [
    "",
    "sort_order=desc",
    "sort_by=title",
    "sort_by=priority&sort_order=desc",
    "sort_by=due",
    "sort_by=due&sort_order=desc",
    "sort_by=completed_at",
    "sort_by=completed_at&sort_order=desc",
    "sort_by=priority,due&sort_order=desc,asc",
    "sort_by=due,priority,title&sort_order=asc,desc",
    "sort_by=status,created_at",
]


@pytest.fixture(autouse=True)
def tasks(alice: User, task_of: TaskOf) -> None:
    for number in range(11):
        task_of(
            alice,
            title="abcd"[number % 4],
            priority=number % 3 + 1,
            due_date=date(2026, 3, number % 4 + 1) if number % 3 == 0 else None,
            due_at=datetime(2026, 3, number % 4 + 1, 23, tzinfo=UTC) if number % 3 == 1 else None,
            status="completed" if number % 2 else "pending",
        )


@pytest.mark.parametrize("sort", SORTS)
def test_pages_by_cursor_are_the_list(api: APIClient, sort: str) -> None:
    whole: Any = api.get(f"/api/tasks?{sort}&limit=200")

    assert _all(api, sort, limit=2) == [task["id"] for task in whole.json()["items"]]


def test_what_comes_and_goes_in_between_neither_repeats_nor_skips(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    first: Any = api.get("/api/tasks?cursor=&limit=5").json()
    seen = [task["id"] for task in first["items"]]
    for pk in seen[:3]:
        api.delete(f"/api/tasks/{pk}")
    later = task_of(alice).pk

    rest = _all(api, "", limit=5, cursor=first["next_cursor"])

    assert len({*seen, *rest}) == 12
    assert not {*seen} & {*rest}
    assert rest[-1] == later


def test_a_page_by_cursor_has_no_total(api: APIClient) -> None:
    page: Any = api.get("/api/tasks?cursor=&limit=11").json()

    assert (page.keys(), page["next_cursor"]) == ({"items", "next_cursor", "limit"}, None)


def test_a_cursor_is_good_for_its_own_list_alone(
    api: APIClient, bob: User, api_of: Callable[[User], APIClient]
) -> None:
    first: Any = api.get("/api/tasks?cursor=&limit=5")
    cursor = first.json()["next_cursor"]

    for answer in (
        api.get(f"/api/tasks?cursor={cursor}&sort_by=title"),
        api.get(f"/api/reminders?cursor={cursor}"),
        api_of(bob).get(f"/api/tasks?cursor={cursor}"),
        api.get(f"/api/tasks?cursor={cursor[:-1]}"),
        api.get("/api/tasks?cursor=%00"),
        api.get("/api/tasks?cursor=&q=a"),
    ):
        problems.check(answer, 400, "cursor")
    problems.check(api.get(f"/api/tasks?cursor={cursor}&offset=5"), 400, "offset")


def test_a_cursor_fits_into_an_address_whatever_it_stands_on(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    """The longest title, of signs that no compression makes much shorter."""
    chance = random.Random(1)  # noqa: S311
    for _ in range(2):
        signs = [chr(chance.randrange(0x10000, 0x10FFFF)) for _ in range(500)]
        task_of(alice, title="z" + "".join(signs[1:]))

    page: Any = api.get("/api/tasks?cursor=&limit=1&sort_by=title&sort_order=desc")

    cursor = page.json()["next_cursor"]
    assert 3000 < len(cursor) < LONGEST
    after: Any = api.get(f"/api/tasks?cursor={cursor}&limit=1&sort_by=title&sort_order=desc")
    assert after.status_code == 200
    problems.check(api.get(f"/api/tasks?cursor={'x' * (LONGEST + 1)}"), 400, "cursor")


def _all(api: APIClient, query: str, *, limit: int, cursor: str | None = "") -> list[int]:
    found: list[int] = []
    while cursor is not None:
        page: Any = api.get(f"/api/tasks?{query}&limit={limit}&cursor={cursor}").json()
        found += [task["id"] for task in page["items"]]
        cursor = page["next_cursor"]
    return found
