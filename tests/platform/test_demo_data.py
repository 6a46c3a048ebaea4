"""`create_demo`: a user who can sign in, with something to look at."""

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Priority, Status, Task

pytestmark = pytest.mark.django_db

PASSWORD = "plum cake on Sundays"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)


def test_the_demo_user_signs_in_and_may_use_the_admin() -> None:
    call_command("create_demo", "--email", "Demo@Example.com")

    credentials = {"email": "demo@example.com", "password": PASSWORD}
    assert APIClient().post("/api/auth/token", credentials).status_code == 200
    user = User.objects.get()
    assert user.is_staff
    assert user.is_superuser


def test_the_tasks_differ_and_each_has_its_event() -> None:
    call_command("create_demo", "--tasks", "30")

    tasks = Task.objects.all()
    assert tasks.values("title").distinct().count() == 30
    assert {task.priority for task in tasks} == set(Priority)
    assert {task.status for task in tasks} == set(Status)
    assert any(task.due_date for task in tasks)
    assert any(task.due_at for task in tasks)
    assert Event.objects.filter(type="task.created.v1").count() == 30


def test_a_second_run_sets_the_password_and_adds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("create_demo", "--tasks", "3")
    monkeypatch.setenv("DEMO_PASSWORD", "apple cake on Mondays")
    call_command("create_demo", "--tasks", "3")

    assert User.objects.get().check_password("apple cake on Mondays")
    assert Task.objects.count() == 3


def test_the_same_password_again_records_nothing() -> None:
    call_command("create_demo", "--tasks", "1")
    before = Event.objects.count()
    call_command("create_demo", "--tasks", "1")

    assert Event.objects.count() == before


def test_without_a_password_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEMO_PASSWORD")

    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("create_demo")
    assert not User.objects.exists()


@pytest.mark.parametrize("arguments", [["--tasks", "-1"], ["--email", "nobody"]])
def test_impossible_arguments_are_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=arguments[0]):
        call_command("create_demo", *arguments)
