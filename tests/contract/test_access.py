"""Everybody gets from each endpoint what tests/contract/access.py says, and learns no more."""

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
from tests.contract.access import REFUSED, ROWS, SIGNED_IN, Things

pytestmark = pytest.mark.django_db

SECRET = "alice-s-secret"

# An export reads in a transaction of its own, and so not in a test's.
ENDPOINTS = [
    pytest.param(one, marks=pytest.mark.django_db(transaction=one == "GET /api/export"))
    for one in ROWS
]
OF_API = [one for one in ENDPOINTS if "/api/" in str(one.values[0])]


def test_every_endpoint_has_a_row() -> None:
    here = "tests/contract/access.py"
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
