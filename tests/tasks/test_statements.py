"""How many statements a request costs, however many tasks and tags there are.

Each begins with the token's user. A change is BEGIN, lock, tags, UPDATE, event, COMMIT,
and what the event's handlers in other apps do.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import TaskOf

pytestmark = pytest.mark.django_db(transaction=True)

TAGS = ["bank", "home"]
COSTS: dict[str, tuple[int, Callable[[APIClient, str], Any]]] = {
    "create": (5, lambda api, _: api.post("/api/tasks", {"title": "x"})),
    "create with tags": (7, lambda api, _: api.post("/api/tasks", {"title": "x", "tags": TAGS})),
    "create with new tags": (
        9,
        lambda api, _: api.post("/api/tasks", {"title": "x", "tags": [*TAGS, "new", "newer"]}),
    ),
    "read": (3, lambda api, task: api.get(task)),
    "list": (4, lambda api, _: api.get("/api/tasks?limit=200")),
    "list sorted and narrowed": (
        4,
        lambda api, _: api.get("/api/tasks?tag=home&sort_by=due&status=pending"),
    ),
    "update": (8, lambda api, task: api.patch(task, {"title": "y"})),
    "update without a difference": (6, lambda api, task: api.patch(task, {"title": "x"})),
    "reopen an open one": (6, lambda api, task: api.post(f"{task}/reopen")),
}


@pytest.mark.parametrize("request_", COSTS)
@pytest.mark.parametrize("tasks", [1, 30])
def test_a_request_costs(
    api: APIClient, alice: User, task_of: TaskOf, request_: str, tasks: int
) -> None:
    made = [task_of(alice, title="x", tags=TAGS) for _ in range(tasks)]
    cost, send = COSTS[request_]

    with CaptureQueriesContext(connection) as run:
        answer = send(api, f"/api/tasks/{made[0].pk}")

    assert answer.status_code < 300, answer.content
    statements = [query["sql"] for query in run.captured_queries]
    assert len(statements) == cost, "\n".join(statements)
    assert not any("SAVEPOINT" in statement for statement in statements)
