"""An account that is erased leaves nothing behind but the word that it was."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import Session, User
from bridges.models import Event
from notifications_app.services import fire_due_reminders, schedule_reminder
from recurrence_app.models import RecurringTask
from recurrence_app.services import update_series
from tasks_app.models import Tag, Task
from tasks_app.services import complete_task, create_task, update_task
from tests.at_once import at_once
from tests.conftest import NOW, TaskOf
from tests.contract import problems
from tests.portability.conftest import everything
from tests.waiting import wait_for
from todo_project import erasing
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
    done = Task.objects.get(title__startswith="Done with")
    admin.post(f"/admin/tasks_app/task/{done.pk}/delete/", {"post": "yes"})
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
    # A deadlock ends one of them, which is told to try again.
    assert {answer.status_code for answer in others} <= {201, 401, 404, 503}
    assert not Task.objects.exists()
    assert not Tag.objects.exists()
    assert [event.type for event in Event.objects.all()] == ["account.erased.v1"]


def add_a_tag(task: Task) -> None:
    update_task(task=task, actor=task.user, now=NOW, changes={"tags": ["home", "a,b"]})


def add_a_new_tag(task: Task) -> None:
    update_task(task=task, actor=task.user, now=NOW, changes={"tags": ["never before"]})


def remind(task: Task) -> None:
    schedule_reminder(task=task, actor=task.user, now=NOW, offset_minutes=-30)


def complete(task: Task) -> None:
    complete_task(task=task, actor=task.user, now=NOW)


@pytest.mark.parametrize("write", [add_a_tag, add_a_new_tag, remind, complete])
def test_who_has_a_task_in_hand_comes_first(
    api: APIClient, alice: User, full: Task, write: Callable[[Task], None]
) -> None:
    def first() -> None:
        with transaction.atomic():
            task = Task.objects.locked(full)
            in_hand.set()
            wait_for(somebody_waits_for_us)
            write(task)

    _check_erased(api, alice, first, in_hand := threading.Event())


def test_a_series_in_hand_comes_first(api: APIClient, alice: User, full: Task) -> None:
    def first() -> None:
        with transaction.atomic():
            series = RecurringTask.objects.locked(RecurringTask.objects.get())
            in_hand.set()
            wait_for(somebody_waits_for_us)
            create_task(owner=alice, actor=alice, now=NOW, title="x", tags=["home"])
            User.objects.locked(alice)
            update_series(series=series, actor=alice, now=NOW, changes={"title": "y"})

    _check_erased(api, alice, first, in_hand := threading.Event())


@pytest.mark.parametrize(("attempts", "status"), [(1, 503), (2, 204)])
def test_a_task_that_comes_between_lets_it_begin_again(
    api: APIClient,
    alice: User,
    full: Task,
    task_of: TaskOf,
    attempts: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Made when the tasks are held and the user is not, and given a tag when those are removed."""
    monkeypatch.setattr(erasing, "_ATTEMPTS", attempts)
    in_hand, made, tagged = threading.Event(), threading.Event(), threading.Event()

    def hold_the_user() -> None:
        with transaction.atomic():
            User.objects.locked(alice)
            in_hand.set()
            wait_for(somebody_waits_for_us)
            made.set()
            tagged.wait(10)

    def tag_a_new_task() -> None:
        made.wait(10)
        task = task_of(alice)
        with transaction.atomic():
            add_a_tag(task)
            tagged.set()
            wait_for(somebody_waits_for_us)

    def erase() -> Any:
        in_hand.wait(10)
        return api.delete("/api/me", PASSWORD)

    *_, answer = at_once([hold_the_user, tag_a_new_task, erase])

    assert answer.status_code == status, answer.content
    assert User.objects.filter(pk=alice.pk).exists() == (status == 503)
    assert status == 503 or _mentions(alice, full) == {"event_log"}


def test_the_events_of_one_are_read_by_an_index(alice: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OTHERS)
        rows = Event.objects.filter(user_id=alice.pk)
        plans = [rows.order_by("pk")[:1000].explain(), rows.filter(aggregatetype="task").explain()]

    assert all("event_user" in plan for plan in plans), plans


OTHERS = """
INSERT INTO event_log (id, aggregatetype, aggregateid, type, user_id, payload, causation_id,
                       created_at, parked_reason, held, published_at)
SELECT gen_random_uuid(), 'task', n, 'task.created.v1', gen_random_uuid(), '{}', '', now(), '',
       false, now()
FROM generate_series(1, 5000) n;
ANALYZE event_log;
"""


def test_an_erasure_that_fails_halfway_changes_nothing(alice: User, full: Task, now: Any) -> None:
    before = everything()

    with transaction.atomic():
        erase_account(user=alice, now=now)
        transaction.set_rollback(True)

    assert everything() == before


def _check_erased(
    api: APIClient, user: User, first: Callable[[], None], in_hand: threading.Event
) -> None:
    """`first` has something in hand, and the erasure comes before it is done."""

    def erase() -> Any:
        in_hand.wait(10)
        return api.delete("/api/me", PASSWORD)

    _, answer = at_once([first, erase])

    assert answer.status_code == 204, answer.content
    assert not User.objects.filter(pk=user.pk).exists()
    assert [event.type for event in Event.objects.all()] == ["account.erased.v1"]


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.rowcount)


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
