from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from notifications_app.models import Notification, Reminder
from tasks_app.models import Task
from tests.conftest import TaskOf

pytestmark = pytest.mark.django_db

ApiOf = Callable[[User], APIClient]


@pytest.fixture
def task(alice: User, task_of: TaskOf) -> Task:
    return task_of(alice, due_at=timezone.now() + timedelta(days=1), due_timezone="UTC")


@pytest.fixture
def path(task: Task) -> str:
    return f"/api/tasks/{task.pk}/reminders"


def test_a_reminder_is_made_read_listed_and_taken_back(
    api: APIClient, task: Task, path: str
) -> None:
    answer = api.post(path, {"offset_minutes": -30})

    assert answer.status_code == 201, answer.json()
    reminder = answer.json()
    assert reminder["task_id"] == task.pk
    assert (reminder["state"], reminder["offset_minutes"], reminder["at"]) == (
        "scheduled",
        -30,
        None,
    )
    one = f"/api/reminders/{reminder['id']}"
    assert api.get(one).json() == reminder
    page = {"items": [reminder], "total": 1, "limit": 20, "offset": 0}
    assert api.get(path).json() == page
    assert api.get("/api/reminders?state=scheduled").json() == page
    assert api.get("/api/reminders?state=fired").json()["total"] == 0

    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == api.delete(one).status_code == 404


def test_an_instant_keeps_its_meaning(api: APIClient, path: str) -> None:
    answer = api.post(path, {"at": "2030-06-01T09:00:00+02:00"})

    assert answer.json()["fire_at"] == "2030-06-01T07:00:00Z"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "at"),
        ({"at": None, "offset_minutes": None}, "at"),
        ({"at": "2030-06-01T09:00:00Z", "offset_minutes": 5}, "at"),
        ({"at": "2001-06-01T09:00:00Z"}, "at"),
        ({"at": "2030-02-30T09:00:00Z"}, "at"),
        ({"at": "2030-06-01T09:00:00"}, "at"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"at": "9999-12-31T23:59:59Z"}, "at"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "at"),
        ({"at": 1900000000}, "at"),
        ({"at": ["2030-06-01T09:00:00Z"]}, "at"),
        ({"at": "\0"}, "at"),
        ({"offset_minutes": "soon"}, "offset_minutes"),
        ({"offset_minutes": 10**18}, "offset_minutes"),
        ({"offset_minutes": True}, "offset_minutes"),
        ({"offset_minutes": 1.5}, "offset_minutes"),
        ({"offset_minutes": -100_000}, "offset_minutes"),
        ({"offset_minutes": 0, "sound": "gong"}, "sound"),
    ],
)
def test_bad_input_is_named_and_writes_nothing(
    api: APIClient, path: str, body: dict[str, Any], field: str
) -> None:
    answer = api.post(path, body)

    assert answer.status_code == 400
    assert answer["content-type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'"at"', b"\xff"])
def test_a_body_that_is_no_object_is_refused(api: APIClient, path: str, body: bytes) -> None:
    assert api.post(path, body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("id_", ["0", "999999", "9" * 30, "-1", "abc", "1%00"])
@pytest.mark.parametrize("there", ["tasks/{}/reminders", "reminders/{}", "notifications/{}"])
def test_what_does_not_exist_is_not_found(api: APIClient, there: str, id_: str) -> None:
    assert api.get(f"/api/{there.format(id_)}").status_code == 404


def test_other_peoples_things_are_not_there(
    api: APIClient, api_of: ApiOf, bob: User, path: str
) -> None:
    reminder = api.post(path, {"offset_minutes": 0}).json()
    notification = _sent_to(Reminder.objects.get())
    bobs = api_of(bob)

    assert bobs.get(path).status_code == 404
    assert bobs.post(path, {"offset_minutes": 0}).status_code == 404
    assert bobs.get(f"/api/reminders/{reminder['id']}").status_code == 404
    assert bobs.delete(f"/api/reminders/{reminder['id']}").status_code == 404
    assert bobs.get(f"/api/notifications/{notification.pk}").status_code == 404
    assert bobs.get("/api/reminders").json()["total"] == 0
    assert bobs.get("/api/notifications").json()["total"] == 0
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize("there", ["reminders", "notifications", "tasks/1/reminders"])
def test_nobody_is_let_in_without_a_token(db: None, there: str) -> None:
    assert APIClient().get(f"/api/{there}").status_code == 401


def test_the_history_shows_what_was_sent_and_can_be_narrowed(api: APIClient, path: str) -> None:
    api.post(path, {"offset_minutes": 0})
    notification = _sent_to(Reminder.objects.get())

    assert api.get(f"/api/notifications/{notification.pk}").json()["status"] == "sent"
    for query, total in (
        ("", 1),
        ("?status=sent", 1),
        ("?status=failed", 0),
        ("?status=failed&status=sent", 1),
        ("?channel=email&status=sent", 1),
    ):
        assert api.get(f"/api/notifications{query}").json()["total"] == total


@pytest.mark.parametrize(
    "query", ["reminders?state=gone", "notifications?status=gone", "notifications?channel=pigeon"]
)
def test_an_unknown_filter_value_is_refused(api: APIClient, query: str) -> None:
    assert api.get(f"/api/{query}").status_code == 400


def test_a_closed_task_takes_no_reminder(api: APIClient, task: Task, path: str) -> None:
    api.post(f"/api/tasks/{task.pk}/complete")

    answer = api.post(path, {"offset_minutes": 0})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["task"]


def _sent_to(reminder: Reminder) -> Notification:
    return Notification.objects.create(
        user=reminder.user,
        task=reminder.task,
        kind="reminder",
        channel="email",
        destination=reminder.user.email,
        dedup_key="one",
        subject="Reminder: Pay the rent",
        fire_at=reminder.created_at,
        not_before=reminder.created_at,
        created_at=reminder.created_at,
        status="sent",
        sent_at=reminder.created_at,
    )
