"""How many statements a request costs, however many series, tasks and dates there are.

Each begins with the token's user. A change is BEGIN, lock, UPDATE, event, COMMIT, and where tasks
change with it, theirs.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db(transaction=True)

SERIES = "/api/recurring-tasks"
DAILY = {
    "title": "x",
    "recurrence_type": "daily",
    "start_date": "2100-01-01",
    "due_time": "09:00",
    "tags": ["bank", "home"],
    "reminders": [{"offset_minutes": -5}, {"offset_minutes": 0}],
}
TASK = {"title": "x", "due_date": "2100-01-01", "recurrence": {"recurrence_type": "daily"}}
COSTS: dict[str, tuple[int, Callable[[APIClient, str], Any]]] = {
    "preview": (
        1,
        lambda api, _: api.post(
            f"{SERIES}/preview", {"start": "2100-01-01", "rrule": "FREQ=DAILY"}
        ),
    ),
    "create": (5, lambda api, _: api.post(SERIES, DAILY)),
    "create with a task": (12, lambda api, _: api.post("/api/tasks", TASK)),
    "read": (2, lambda api, one: api.get(one)),
    "list": (3, lambda api, _: api.get(f"{SERIES}?limit=200")),
    "occurrences": (3, lambda api, one: api.get(f"{one}/occurrences?from=2100-01-01")),
    "update": (7, lambda api, one: api.patch(one, {"title": "y"})),
    "update of its days": (7, lambda api, one: api.patch(one, {"rrule": "FREQ=WEEKLY"})),
    "update without a difference": (5, lambda api, one: api.patch(one, {"title": "x"})),
    "pause": (7, lambda api, one: api.post(f"{one}/pause")),
    "run": (17, lambda api, one: api.post(f"{one}/run")),
    "skip": (13, lambda api, one: api.post(f"{one}/skip", {"occurrence": "2100-03-01"})),
    "move": (
        12,
        lambda api, one: api.post(
            f"{one}/move", {"occurrence": "2100-03-01", "to": "2100-03-01T10:00"}
        ),
    ),
    "split": (16, lambda api, one: api.post(f"{one}/split", {"occurrence": "2100-01-02"})),
    "delete": (7, lambda api, one: api.delete(one)),
}


@pytest.mark.parametrize("request_", COSTS)
@pytest.mark.parametrize("number", [1, 30])
def test_a_request_costs(api: APIClient, request_: str, number: int) -> None:
    dates = [f"2100-02-{1 + day % 28:02}" for day in range(number)][1:]
    made = [api.post(SERIES, {**DAILY, "exdates": dates[:9]}).json() for _ in range(number)]
    one = f"{SERIES}/{made[0]['id']}"
    for _ in range(number + 1):
        assert api.post(f"{one}/run").status_code == 201
    cost, send = COSTS[request_]

    with CaptureQueriesContext(connection) as statements:
        answer = send(api, one)

    assert answer.status_code < 300, answer.content
    told = [query["sql"][:100] for query in statements.captured_queries]
    assert len(told) == cost, "\n".join(told)
