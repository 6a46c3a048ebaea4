"""What an export takes out, an import brings in again."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date
from typing import Any

import orjson
import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tasks_app.services import create_tasks
from tests.conftest import NOW
from todo_project.portability.exporting import ACCOUNT_HIDDEN, SECTIONS

pytestmark = pytest.mark.django_db(transaction=True)

ApiOf = Callable[[User], APIClient]
# Of nobody's interest but the platform's: digests and secrets, and what links two exported rows.
LEFT_OUT = {
    "accounts.Session",
    "admin.LogEntry",
    "token_blacklist.OutstandingToken",
    "todo_project.KeptAnswer",
    "tasks_app.Task",  # in files of its own
    "accounts.User_groups",
    "accounts.User_user_permissions",
}
FORMATS = {"zip": "application/zip", "json": "application/json", "ics": "text/calendar"}
COMPARED = (
    "title",
    "description",
    "status",
    "priority",
    "due_date",
    "due_at",
    "due_timezone",
    "completed_at",
    "calendar",
)


@pytest.mark.parametrize("kind", FORMATS)
def test_another_account_has_the_same_tasks_then(
    api: APIClient, alice: User, bob: User, api_of: ApiOf, full: Task, kind: str
) -> None:
    report = _import(api_of(bob), _export(api, kind), kind)

    assert (report["created"], report["skipped"]) == (3, 0)
    if kind == "ics":  # whose bands of priorities have no place for urgent
        Task.objects.filter(user=alice, priority=4).update(priority=3)
    assert _tasks(bob) == _tasks(alice)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_account_has_nothing_twice(api: APIClient, full: Task, kind: str) -> None:
    report = _import(api, _export(api, kind), kind)

    assert (report["created"], report["skipped"]) == (0, 3)
    assert _import(api, _export(api, kind), kind, "?duplicates=keep")["created"] == 3
    assert Task.objects.count() == 6


def test_a_dry_run_changes_nothing(api: APIClient, bob: User, api_of: ApiOf, full: Task) -> None:
    report = _import(api_of(bob), _export(api, "zip"), "zip", "?dry_run=true")

    assert (report["created"], report["dry_run"]) == (3, True)
    assert not Task.objects.filter(user=bob).exists()


def test_the_archive_has_everything_that_has_an_owner(api: APIClient, full: Task) -> None:
    with zipfile.ZipFile(io.BytesIO(_export(api, "zip"))) as archive:
        names = set(archive.namelist())
        account = orjson.loads(archive.read("account.json"))
        events = archive.read("events.ndjson").splitlines()
        reminders = archive.read("reminders.ndjson").splitlines()

    owned = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.concrete and (field.related_model is User or field.name == "user_id")
    }
    assert owned - LEFT_OUT == {section.model._meta.label for section in SECTIONS.values()}
    assert names >= {*SECTIONS, "tasks-0001.json", "tasks.ics", "manifest.json", "README.txt"}
    assert account["email"] == "alice@example.com"
    assert not account.keys() & ACCOUNT_HIDDEN
    assert len(events) > 4
    assert len(reminders) == 1


def test_an_export_is_the_askers_own(bob: User, api_of: ApiOf, full: Task) -> None:
    with zipfile.ZipFile(io.BytesIO(_export(api_of(bob), "zip"))) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())

    assert b"alice" not in whole
    assert str(full.user_id).encode() not in whole


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
instants = st.integers(40_000_000, 7_200_000_000).map(lambda second: NOW.fromtimestamp(second, UTC))
dues: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(lambda day: {"due_date": day}),
    st.tuples(instants, zones).map(lambda due: {"due_at": due[0], "due_timezone": due[1]}),
)
drafts = st.fixed_dictionaries(
    {
        "title": texts.map(str.strip).filter(bool),
        "description": st.text(
            st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=80
        ).map(str.strip),
        "priority": st.integers(1, 4),
        "status": st.sampled_from(["pending", "in_progress", "completed", "cancelled"]),
        "tags": st.lists(texts.map(str.strip).filter(bool), max_size=4),
        "due": dues,
    }
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(drafts, max_size=4))
def test_whatever_a_task_is_comes_back(
    api: APIClient, alice: User, bob: User, api_of: ApiOf, made: list[dict[str, Any]]
) -> None:
    Task.objects.all().delete()
    create_tasks(
        owner=alice,
        actor=alice,
        now=NOW,
        drafts=[{**{k: v for k, v in each.items() if k != "due"}, **each["due"]} for each in made],
    )

    _import(api_of(bob), _export(api, "json"), "json")

    assert _tasks(bob) == _tasks(alice)


def _export(api: APIClient, kind: str) -> bytes:
    answer: Any = api.get(f"/api/export?format={kind}")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == FORMATS[kind]
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    return b"".join(answer.streaming_content)


def _import(api: APIClient, source: bytes, kind: str, query: str = "") -> dict[str, Any]:
    answer: Any = api.post(f"/api/import{query}", source, content_type=FORMATS[kind])
    assert answer.status_code == 200, answer.content
    report: dict[str, Any] = answer.json()
    return report


def _tasks(user: User) -> list[tuple[Any, ...]]:
    tasks = Task.objects.owned_by(user).with_tags().order_by("pk")
    return [(*(getattr(task, name) for name in COMPARED), task.tag_names()) for task in tasks]
