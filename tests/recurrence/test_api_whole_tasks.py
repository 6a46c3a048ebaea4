"""POST /api/tasks with `recurrence` and `reminders`: all of it, or nothing."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from notifications_app.models import Reminder
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tests.contract import problems

pytestmark = pytest.mark.django_db

RENT = {
    "title": "Rent of {month_name}",
    "priority": "high",
    "tags": ["home"],
    "due_at": "2100-01-31T09:00:00+01:00",
    "recurrence": {"recurrence_type": "monthly"},
}


def _make(api: APIClient, **said: Any) -> Any:
    answer: Any = api.post("/api/tasks", {**RENT, **said})
    assert answer.status_code == 201, answer.content
    return answer.json()


def _series(api: APIClient, task: Any) -> Any:
    return api.get(f"/api/recurring-tasks/{task['recurring_task_id']}").json()


def test_a_task_comes_with_its_series(api: APIClient) -> None:
    task = _make(api)

    assert (task["title"], task["is_recurring"], task["occurrence"]) == (
        "Rent of January",
        True,
        "2100-01-31T09:00:00",
    )
    assert (task["due_at"], task["due_timezone"]) == ("2100-01-31T08:00:00Z", "Europe/Berlin")
    series = _series(api, task)
    assert (series["title"], series["priority"], series["tags"]) == (
        "Rent of {month_name}",
        "high",
        ["home"],
    )
    assert (series["start_date"], series["due_time"], series["timezone"]) == (
        "2100-01-31",
        "09:00:00",
        "Europe/Berlin",
    )
    assert series["next_due_at"] == "2100-02-28"
    assert Event.objects.filter(type="recurring-task.created.v1").count() == 1


def test_an_all_day_task_has_an_all_day_series(api: APIClient) -> None:
    task = _make(api, due_at=None, due_date="2100-01-31", title="Rent")

    assert (task["due_date"], task["occurrence"]) == ("2100-01-31", "2100-01-31")
    assert _series(api, task)["due_time"] is None


def test_the_time_is_that_of_its_zone(api: APIClient) -> None:
    series = _series(api, _make(api, due_timezone="Asia/Tokyo"))

    assert (series["timezone"], series["due_time"]) == ("Asia/Tokyo", "17:00:00")


def test_a_series_takes_all_of_a_schedule(api: APIClient) -> None:
    schedule = {
        "rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
        "end_date": "2100-12-31",
        "exdates": ["2100-02-14T09:00:00"],
        "rdates": ["2100-02-15T09:00:00"],
        "trigger": "completion",
        "count_from": "completion",
        "create_ahead": 3,
        "catch_up": "latest",
    }
    series = _series(api, _make(api, recurrence=schedule))

    assert {name: series[name] for name in schedule} == schedule


def test_the_task_is_the_first_that_the_rule_gives(api: APIClient) -> None:
    task = _make(api, recurrence={"rrule": "FREQ=WEEKLY;BYDAY=WE"})

    assert task["due_at"] == "2100-02-03T08:00:00Z"  # the 31st is a Sunday


def test_it_is_changed_alone(api: APIClient) -> None:
    task = _make(api)
    path = f"/api/tasks/{task['id']}"
    changed: Any = api.patch(path, {"title": "Rent, and the deposit", "due_date": "2100-01-30"})

    assert changed.json()["occurrence"] == task["occurrence"]
    assert _series(api, task)["title"] == RENT["title"]
    problems.check(api.patch(path, {"recurrence": None}), 400, "recurrence")


def test_all_tasks_of_a_series_get_the_relative_reminders(api: APIClient) -> None:
    reminders = [{"offset_minutes": -60}, {"at": "2100-01-01T00:00:00Z"}]
    task = _make(api, reminders=reminders)

    assert _series(api, task)["reminders"] == [{"offset_minutes": -60}]
    assert _reminders(api, task) == [(-60, "2100-01-31T07:00:00Z"), (None, "2100-01-01T00:00:00Z")]
    second: Any = api.post(f"/api/recurring-tasks/{task['recurring_task_id']}/run")
    assert _reminders(api, second.json()) == [(-60, "2100-02-28T07:00:00Z")]


def test_a_task_without_a_series_has_reminders_too(api: APIClient) -> None:
    task = _make(api, recurrence=None, reminders=[{"offset_minutes": 0}, {"offset_minutes": -5}])

    assert not task["is_recurring"]
    assert _reminders(api, task) == [(0, "2100-01-31T08:00:00Z"), (-5, "2100-01-31T07:55:00Z")]


def _reminders(api: APIClient, task: Any) -> list[tuple[int | None, str]]:
    page: Any = api.get(f"/api/tasks/{task['id']}/reminders").json()
    return [(each["offset_minutes"], each["fire_at"]) for each in page["items"]]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"due_at": None}, "due_date"),
        ({"due_date": "2100-01-31"}, "due_at"),
        ({"due_at": None, "due_date": "2100-01-31", "due_timezone": "UTC"}, "due_timezone"),
        ({"status": "completed"}, "status"),
        ({"title": "Rent of {quarter}"}, "title"),
        ({"recurrence": 5}, "recurrence"),
        ({"recurrence": {}}, "recurrence"),
        ({"recurrence": {"recurrence_type": "hourly"}}, "recurrence"),
        ({"recurrence": {"rrule": "FREQ=DAILY;INTERVAL=0"}}, "recurrence"),
        ({"recurrence": {"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}}, "recurrence"),
        ({"recurrence": {"rrule": "FREQ=DAILY", "recurrence_type": "weekly"}}, "recurrence"),
        ({"recurrence": {"recurrence_type": "daily", "end_date": "2100-01-30"}}, "recurrence"),
        ({"recurrence": {"recurrence_type": "daily", "recurrence_interval": 53}}, "recurrence"),
        ({"recurrence": {"recurrence_type": "daily", "title": "Mine"}}, "recurrence"),
        ({"recurrence": {"recurrence_type": "daily", "start_date": "2100-01-01"}}, "recurrence"),
        ({"reminders": [{}]}, "reminders"),
        ({"reminders": [{"offset_minutes": 5, "at": "2100-01-01T00:00:00Z"}]}, "reminders"),
        ({"reminders": [{"at": "2020-01-01T00:00:00Z"}]}, "reminders"),
        ({"reminders": [{"offset_minutes": 1}] * 21}, "reminders"),
        ({"reminders": 5}, "reminders"),
    ],
)
def test_what_cannot_be_leaves_nothing(
    api: APIClient, alice: User, said: dict[str, Any], field: str
) -> None:
    problems.check(api.post("/api/tasks", {**RENT, **said}), 400, field)

    for model in (Task, RecurringTask, Reminder, Event):
        assert not model.objects.exists(), model


def test_what_is_wrong_with_the_recurrence_is_named_in_it(api: APIClient) -> None:
    answer = api.post("/api/tasks", {**RENT, "recurrence": {"rrule": "FREQ=DAILY;COUNT=0"}})

    errors = problems.check(answer, 400, "recurrence")["errors"]["recurrence"]
    assert "COUNT" in errors["rrule"][0]


def test_many_at_once_are_made_without_a_series(api: APIClient) -> None:
    said = {"op": "create", "task": RENT}
    answer = api.post("/api/tasks/bulk", {"operations": [said]})

    problems.check(answer, 400, "operations")
