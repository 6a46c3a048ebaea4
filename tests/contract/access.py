"""Who may do what: a row for every line of the URL table.

Each request is one that its owner may send; everybody else sends the same.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

from tests.contract import routes
from todo_project.portability.own_file import FORMAT

NEVER = 999_999_999  # an id that nothing ever had
NO_UUID = "00000000-0000-4000-8000-000000000000"
SIGNED_IN = ("owner", "someone else", "operator")
REFUSED = ("nobody", "expired token", "forged token", "deactivated user")


@dataclasses.dataclass(frozen=True)
class Things:
    """What alice has, by the segment of the path that it is under."""

    tasks: int = NEVER
    tags: int = NEVER
    reminders: int = NEVER
    notifications: int = NEVER
    recurring_tasks: str = NO_UUID
    schemas: str = "task.created.v1"
    refresh: str = ""


Body = Callable[[Things], Any]


@dataclasses.dataclass(frozen=True)
class Row:
    """The statuses that an endpoint gives, by who asks."""

    body: Body
    expected: dict[str, int]


def anybodys(status: int, body: Body = lambda _: None) -> Row:
    """The same for all, whatever token they bring."""
    return Row(body, dict.fromkeys((*SIGNED_IN, *REFUSED), status))


def everyones(status: int, body: Body = lambda _: None, **others: int) -> Row:
    """Whoever is signed in has one's own; others do not show in it."""
    return Row(body, dict.fromkeys(SIGNED_IN, status) | dict.fromkeys(REFUSED, 401) | others)


def owners(status: int, body: Body = lambda _: None) -> Row:
    """One thing of alice's; for all others it does not exist."""
    return everyones(status, body, **{"someone else": 404, "operator": 404})


ALICES = {"email": "alice@example.com", "password": "alice's own words"}
PASSWORDS = {"current": ALICES["password"], "new": "another long sentence"}
ROWS = {
    **{f"{method.upper()} /": anybodys(302) for method in routes.METHODS},
    "GET /health": anybodys(200),
    "GET /health/ready": anybodys(200),
    "GET /metrics": anybodys(200),
    "GET /schemas/{name}.json": anybodys(200),
    "GET /api/openapi": anybodys(200),
    "GET /api/docs": anybodys(200),
    "POST /api/auth/register": anybodys(201, lambda _: {**ALICES, "email": "new@example.com"}),
    "POST /api/auth/token": anybodys(200, lambda _: ALICES),
    "POST /api/auth/token/refresh": anybodys(200, lambda alices: {"refresh": alices.refresh}),
    "POST /api/auth/token/revoke": anybodys(204, lambda alices: {"refresh": alices.refresh}),
    "POST /api/auth/password": everyones(
        204, lambda _: PASSWORDS, **{"someone else": 400, "operator": 400}
    ),
    "GET /api/me": everyones(200),
    "PUT /api/me": everyones(200, lambda _: {"timezone": "Asia/Tokyo"}),
    "PATCH /api/me": everyones(200, lambda _: {"timezone": "Asia/Tokyo"}),
    "DELETE /api/me": everyones(
        204,
        lambda _: {"password": ALICES["password"]},
        **{"someone else": 400, "operator": 400},
    ),
    "POST /api/import": everyones(200, lambda _: {"format": FORMAT, "tasks": [{"title": "New"}]}),
    "GET /api/export": everyones(200),
    "GET /api/tasks": everyones(200),
    "POST /api/tasks": everyones(201, lambda _: {"title": "New"}),
    "GET /api/tasks/{pk}": owners(200),
    "PUT /api/tasks/{pk}": owners(200, lambda _: {"title": "New"}),
    "PATCH /api/tasks/{pk}": owners(200, lambda _: {"title": "New"}),
    "DELETE /api/tasks/{pk}": owners(204),
    "POST /api/tasks/{pk}/complete": owners(200),
    "POST /api/tasks/{pk}/reopen": owners(200),
    "POST /api/tasks/{pk}/cancel": owners(200),
    "POST /api/tasks/bulk": everyones(
        200,
        lambda alices: {
            "operations": [{"op": "complete", "id": alices.tasks}],
        },
        **{"someone else": 400, "operator": 400},
    ),
    "GET /api/tasks/{task_id}/events": owners(200),
    "GET /api/tags": everyones(200),
    "POST /api/tags": everyones(201, lambda _: {"name": "new"}),
    "GET /api/tags/{pk}": owners(200),
    "PUT /api/tags/{pk}": owners(200, lambda _: {"name": "new"}),
    "PATCH /api/tags/{pk}": owners(200, lambda _: {"name": "new"}),
    "DELETE /api/tags/{pk}": owners(204),
    "POST /api/tags/{pk}/merge": Row(
        lambda alices: {"into": alices.tags},
        dict.fromkeys(SIGNED_IN, 404) | dict.fromkeys(REFUSED, 401) | {"owner": 400},
    ),
    "POST /api/recurring-tasks/preview": everyones(
        200, lambda _: {"start": "2026-03-31", "rrule": "FREQ=DAILY"}
    ),
    "GET /api/recurring-tasks": everyones(200),
    "POST /api/recurring-tasks": everyones(
        201,
        lambda _: {"title": "New", "start_date": "2100-01-01", "recurrence_type": "daily"},
    ),
    "GET /api/recurring-tasks/{pk}": owners(200),
    "PUT /api/recurring-tasks/{pk}": owners(200, lambda _: {"title": "New"}),
    "PATCH /api/recurring-tasks/{pk}": owners(200, lambda _: {"title": "New"}),
    "DELETE /api/recurring-tasks/{pk}": owners(204),
    "POST /api/recurring-tasks/{pk}/pause": owners(200),
    "POST /api/recurring-tasks/{pk}/resume": owners(200),
    "POST /api/recurring-tasks/{pk}/run": owners(201),
    "GET /api/recurring-tasks/{pk}/occurrences": owners(200),
    "POST /api/recurring-tasks/{pk}/skip": owners(200, lambda _: {"occurrence": "2100-01-02"}),
    "POST /api/recurring-tasks/{pk}/move": owners(
        200, lambda _: {"occurrence": "2100-01-02", "to": "2100-01-03"}
    ),
    "POST /api/recurring-tasks/{pk}/split": owners(201, lambda _: {"occurrence": "2100-01-02"}),
    "GET /api/tasks/{task_id}/reminders": owners(200),
    "POST /api/tasks/{task_id}/reminders": owners(201, lambda _: {"at": "2200-01-01T00:00:00Z"}),
    "GET /api/reminders": everyones(200),
    "GET /api/reminders/{pk}": owners(200),
    "DELETE /api/reminders/{pk}": owners(204),
    "GET /api/notifications": everyones(200),
    "GET /api/notifications/{pk}": owners(200),
}
