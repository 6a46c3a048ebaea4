"""Who gets what from each endpoint: a row for every line of the URL table.

Each request is one that its owner may send; everybody else sends the same.
"""

import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import AccessToken, RefreshToken
from bridges.redis_client import client as limits
from notifications_app.models import Notification
from notifications_app.services import fire_due_reminders, schedule_reminder
from recurrence_app.services import create_series
from tasks_app.models import Tag
from tests.conftest import TaskOf
from tests.contract import problems, routes
from todo_project.portability.own_file import FORMAT

pytestmark = pytest.mark.django_db

NEVER = 999_999_999  # an id that nothing ever had
NO_UUID = "00000000-0000-4000-8000-000000000000"
SECRET = "alice-s-secret"
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


# An export reads in a transaction of its own, and so not in a test's.
ENDPOINTS = [
    pytest.param(one, marks=pytest.mark.django_db(transaction=one == "GET /api/export"))
    for one in ROWS
]
OF_API = [one for one in ENDPOINTS if "/api/" in str(one.values[0])]


def test_every_endpoint_has_a_row() -> None:
    here = "tests/contract/test_access.py"
    there = {one for one in routes.operations() if not one.partition(" ")[2].startswith("/admin/")}
    lacking = [f"{one} has no row in {here}: add it to ROWS" for one in sorted(there - ROWS.keys())]
    idle = [
        f"{one} is no endpoint: take it out of ROWS, {here}" for one in ROWS if one not in there
    ]
    assert [*lacking, *idle] == []


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_everybody_gets_what_is_theirs(endpoint: str, callers: Any, alices: Things) -> None:
    answers = {who: _ask(callers[who], endpoint, alices) for who in ROWS[endpoint].expected}

    assert {who: answer.status_code for who, answer in answers.items()} == ROWS[endpoint].expected
    for who, answer in answers.items():
        if answer.status_code == 401:
            assert problems.check(answer, 401)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        if who != "owner":
            assert SECRET not in _text(answer), who


@pytest.mark.parametrize("who", ["someone else", "operator"])
@pytest.mark.parametrize("endpoint", OF_API)
def test_what_is_not_theirs_is_as_if_it_never_was(
    endpoint: str, who: str, callers: Any, alices: Things
) -> None:
    nothing = Things(refresh=alices.refresh)
    found = _ask(callers[who], endpoint, alices)
    if found.status_code < 300:
        return
    missing = _ask(callers[who], endpoint, nothing)

    assert (missing.status_code, missing.headers["Content-Type"]) == (
        found.status_code,
        found.headers["Content-Type"],
    )
    assert _text(missing) == _text(found)


@pytest.mark.parametrize("endpoint", OF_API)
def test_whom_an_endpoint_refuses_learns_nothing_from_options_either(
    endpoint: str, callers: Any, alices: Things
) -> None:
    options = f"OPTIONS {endpoint.partition(' ')[2]}"
    nobodys, owners = (_ask(callers[who], options, alices) for who in ("nobody", "owner"))

    if ROWS[endpoint].expected["nobody"] == 401:
        assert nobodys.status_code == 401
    assert nobodys.status_code < 500
    assert owners.status_code in (200, 405)
    assert owners.headers["Allow"]


def test_tokens_open_nothing_of_the_operators(callers: Any, alices: Things) -> None:
    """The admin asks for an operator's session, not for a token."""
    for endpoint in _admins():
        for who in (*SIGNED_IN, *REFUSED):
            answer = _ask(callers[who], endpoint, alices)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (
                302,
                "/admin/login/",
            ), (endpoint, who)


def test_an_owners_session_opens_nothing_of_the_operators(alice: User, alices: Things) -> None:
    browser = Client()
    browser.force_login(alice)
    for endpoint in _admins():
        answer = _ask(browser, endpoint, alices)
        assert answer.headers["Location"].startswith("/admin/login/"), endpoint


def _admins() -> list[str]:
    """What is read in the admin, but for its own door."""
    doors = {"GET /admin/login/", "GET /admin/logout/"}
    found = [one for one in routes.operations() if one.startswith("GET /admin/")]
    assert len(found) > 20
    return sorted(set(found) - doors)


@pytest.fixture
def alices(alice: User, task_of: TaskOf, now: datetime) -> Things:
    task = task_of(alice, title=SECRET, description=SECRET, tags=[SECRET], due_at=now)
    schedule_reminder(task=task, actor=alice, now=now, offset_minutes=0)
    fire_due_reminders(now=now)
    reminder = schedule_reminder(task=task, actor=alice, now=now, offset_minutes=5)
    series = create_series(
        owner=alice,
        actor=alice,
        now=now,
        title=SECRET,
        recurrence_type="daily",
        start_date=date(2100, 1, 1),
    )
    return Things(
        tasks=task.pk,
        tags=Tag.objects.get().pk,
        reminders=reminder.pk,
        notifications=Notification.objects.get().pk,
        recurring_tasks=str(series.pk),
        refresh=str(RefreshToken.for_user(alice)),
    )


@pytest.fixture
def callers(alice: User, bob: User, operator: User) -> dict[str, APIClient]:
    stopped = User.objects.create_user("stopped@example.com", is_active=False)
    expired = AccessToken.for_user(alice)
    expired.set_exp(lifetime=-timedelta(seconds=1))
    good = AccessToken.for_user(alice)
    tokens = {
        "owner": str(good),
        "someone else": str(AccessToken.for_user(bob)),
        "operator": str(AccessToken.for_user(operator)),
        "expired token": str(expired),
        "forged token": jwt.encode(good.payload, "a guess, and a long one, at the key of ours"),
        "deactivated user": str(AccessToken.for_user(stopped)),
    }
    clients = {who: APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens[who]}") for who in tokens}
    return clients | {"nobody": APIClient()}


def _ask(caller: Client, endpoint: str, things: Things) -> Any:
    """The answer to `endpoint`, filled in with the ids of `things`; its effect is undone."""
    if endpoint.startswith(("GET ", "OPTIONS ")):
        return _sent(caller, endpoint, things)
    with transaction.atomic():
        answer = _sent(caller, endpoint, things)
        transaction.set_rollback(True)
    return answer


def _sent(caller: Client, endpoint: str, things: Things) -> Any:
    method, _, path = endpoint.partition(" ")
    said = ROWS[endpoint].body(things) if endpoint in ROWS else None
    body = b"" if said is None else json.dumps(said).encode()
    limits().flushdb()
    send: Callable[..., Any] = caller.generic  # the stubs know no bytes
    answer = send(method, _filled(path, things), body, "application/json")
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def _filled(path: str, things: Things) -> str:
    """`/tasks/{pk}` is alice's task; what is under no name of hers is 1."""

    def value(found: re.Match[str]) -> str:
        return f"{found[1]}/{getattr(things, found[1].replace('-', '_'), 1)}"

    return re.sub(r"{\w+}", "1", re.sub(r"([\w-]+)/{\w+}", value, path))


def _text(answer: Any) -> str:
    """What it says, also in an archive."""
    content: bytes = answer.whole
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode()
