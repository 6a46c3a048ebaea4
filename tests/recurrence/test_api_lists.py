"""GET /api/recurring-tasks: narrowed, sorted, by pages."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.contract import problems

pytestmark = pytest.mark.django_db

SERIES = "/api/recurring-tasks"


def _make(api: APIClient, **said: Any) -> Any:
    answer = api.post(SERIES, {"title": "x", "recurrence_type": "monthly", **said})
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_lists_are_narrowed_sorted_and_paged(api: APIClient) -> None:
    days = ["2100-03-01", "2100-01-01", "2100-02-01"]
    made = [_make(api, title=day, start_date=day) for day in days]
    api.post(f"{SERIES}/{made[2]['id']}/pause")
    ended = _make(api, title="over", start_date="2020-01-01", end_date="2020-01-31")

    def titles(query: str = "") -> list[str]:
        page: Any = api.get(f"{SERIES}?{query}").json()
        return [each["title"] for each in page["items"]]

    assert titles() == [days[1], days[2], days[0], "over"]
    assert titles("sort_order=desc") == [days[0], days[2], days[1], "over"]
    assert titles("sort_by=created_at&sort_order=desc") == ["over", days[2], days[1], days[0]]
    assert titles("is_active=false") == [days[2]]
    assert titles("is_active=true") == [days[1], days[0], "over"]
    page: Any = api.get(f"{SERIES}?limit=2&offset=1").json()
    assert {name: page[name] for name in ("total", "limit", "offset")} == {
        "total": 4,
        "limit": 2,
        "offset": 1,
    }
    assert [each["title"] for each in page["items"]] == [days[2], days[0]]
    assert ended["next_due_at"] is None


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("by", ["next_due_at", "created_at"])
def test_long_lists_are_read_by_cursor(api: APIClient, by: str, order: str) -> None:
    for day in ("2100-03-01", "2100-01-01", "2100-03-01", "2100-02-01"):
        _make(api, title=day, start_date=day)
    for _ in range(2):
        _make(api, start_date="2020-01-01", end_date="2020-01-31")
    query = f"{SERIES}?sort_by={by}&sort_order={order}"
    whole = [each["id"] for each in api.get(query).json()["items"]]

    found, cursor = [], ""
    while cursor is not None:
        page: Any = api.get(f"{query}&limit=1&cursor={cursor}").json()
        found += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert found == whole


@pytest.mark.parametrize(
    "query", ["is_active=yes", "sort_by=title", "sort_order=up", "limit=0", "colour=red"]
)
def test_a_query_that_cannot_be_is_refused(api: APIClient, query: str) -> None:
    problems.check(api.get(f"{SERIES}?{query}"), 400, query.partition("=")[0])
