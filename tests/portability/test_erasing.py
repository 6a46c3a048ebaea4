"""An account that is erased leaves nothing behind but the word that it was."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from bridges.models import Event
from notifications_app.services import fire_due_reminders
from tasks_app.models import Tag, Task
from tests.conftest import TaskOf
from tests.contract import problems
from tests.portability.conftest import everything
from todo_project.erasing import erase_account

pytestmark = pytest.mark.django_db(transaction=True)

ApiOf = Callable[[User], APIClient]
PASSWORD = {"password": "alice's own words"}


def test_nothing_of_it_is_in_any_table(
    api: APIClient, alice: User, admin: Client, full: Task, now: Any
) -> None:
    """Also what the admin's log says of it, its tokens and its sessions."""
    api.post("/api/auth/token/revoke", {"refresh": str(RefreshToken.for_user(alice))})
    admin.post(f"/admin/tasks_app/task/{full.pk}/change/", {"title": "Changed by hand"})
    admin.post("/admin/tasks_app/task/", {"action": "complete", "_selected_action": full.pk})
    browser = Client()
    browser.force_login(alice)
    fire_due_reminders(now=full.due_at)  # type: ignore[arg-type]
    assert _mentions(alice, full) > {"accounts_user", "tasks_app_task", "event_log"}

    answer: Any = api.delete("/api/me", PASSWORD)

    assert answer.status_code == 204
    assert _mentions(alice, full) == {"event_log"}
    last = Event.objects.get(user_id=alice.pk)
    assert (last.type, last.payload) == ("account.erased.v1", {"user_id": str(alice.pk)})
    assert not Session.objects.filter(pk=browser.session.session_key).exists()


def test_others_keep_what_is_theirs(api: APIClient, bob: User, task_of: TaskOf, full: Task) -> None:
    task_of(bob, title="Bob's", tags=["home"])
    before = [row for rows in everything().values() for row in rows if bob.pk in row.values()]

    api.delete("/api/me", PASSWORD)

    assert [r for rows in everything().values() for r in rows if bob.pk in r.values()] == before


def test_every_token_ends(api: APIClient, alice: User) -> None:
    refresh = str(RefreshToken.for_user(alice))
    api.delete("/api/me", PASSWORD)

    problems.check(api.get("/api/me"), 401)
    problems.check(APIClient().post("/api/auth/token/refresh", {"refresh": refresh}), 401)
    problems.check(APIClient().post("/api/auth/token", {"email": alice.email, **PASSWORD}), 401)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "password"),
        ({"password": "wrong"}, "password"),
        ({"email": "alice@example.com"}, "password"),
        ({**PASSWORD, "really": True}, "really"),
    ],
)
def test_it_takes_the_password(api: APIClient, body: dict[str, Any], field: str) -> None:
    before = everything()

    problems.check(api.delete("/api/me", body), 400, field)
    assert everything() == before


def test_guesses_are_limited(api: APIClient) -> None:
    answers: list[Any] = [api.delete("/api/me", {"password": f"guess {n}"}) for n in range(11)]

    assert [answer.status_code for answer in answers] == [400] * 10 + [429]


def test_an_account_without_a_password_takes_its_address(alice: User, api_of: ApiOf) -> None:
    alice.set_unusable_password()
    alice.save()
    api = api_of(alice)

    problems.check(api.delete("/api/me", {"email": "other@example.com"}), 400, "email")
    answer: Any = api.delete("/api/me", {"email": "Alice@example.com"})
    assert answer.status_code == 204


def test_who_writes_at_the_same_time_comes_first_or_finds_nobody(
    api: APIClient, alice: User
) -> None:
    start = threading.Barrier(6)

    def send(number: int) -> Any:
        start.wait(10)
        try:
            if number == 0:
                return api.delete("/api/me", PASSWORD)
            return api.post("/api/tasks", {"title": "x", "tags": ["home"]})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        gone, *others = threads.map(send, range(6))

    assert gone.status_code == 204
    assert {answer.status_code for answer in others} <= {201, 401, 404}
    assert not Task.objects.exists()
    assert not Tag.objects.exists()
    assert [event.type for event in Event.objects.all()] == ["account.erased.v1"]


def test_an_erasure_that_fails_halfway_changes_nothing(alice: User, full: Task, now: Any) -> None:
    before = everything()

    with transaction.atomic():
        erase_account(user=alice, now=now)
        transaction.set_rollback(True)

    assert everything() == before


def _mentions(user: User, task: Task) -> set[str]:
    """The tables with a row that has the user's id, address, or one of their words."""
    words = [str(user.pk), user.email, task.title, "Done with", "Changed by hand"]
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in words:
                cursor.execute(
                    f'SELECT 1 FROM "{table}" AS row WHERE strpos(row::text, %s) > 0 LIMIT 1',  # noqa: S608
                    [word],
                )
                if cursor.fetchone():
                    found.add(table)
    return found
