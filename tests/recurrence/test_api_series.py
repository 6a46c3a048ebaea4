"""/api/recurring-tasks: a series from its making to its end."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tests.contract import problems

pytestmark = pytest.mark.django_db

SERIES = "/api/recurring-tasks"
RENT = {
    "title": "Pay the rent of {month_name}",
    "recurrence_type": "monthly",
    "start_date": "2100-01-31",
    "due_time": "09:00",
}


def _make(api: APIClient, **said: Any) -> Any:
    answer = api.post(SERIES, {**RENT, **said})
    assert answer.status_code == 201, answer.content
    return answer.json()


def _path(series: Any, action: str = "") -> str:
    return f"{SERIES}/{series['id']}{action}"


def _changed(api: APIClient, series: Any, **said: Any) -> Any:
    answer: Any = api.patch(_path(series), said)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_series_is_made(api: APIClient) -> None:
    answer: Any = api.post(
        SERIES, {**RENT, "tags": ["home", "bank", "home"], "reminders": [{"offset_minutes": -60}]}
    )

    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    made = answer.json()
    shown = {name: made[name] for name in made.keys() - {"id", "created_at", "updated_at", "text"}}
    assert shown == {
        "title": "Pay the rent of {month_name}",
        "description": "",
        "priority": "medium",
        "priority_id": 2,
        "tags": ["bank", "home"],
        "reminders": [{"offset_minutes": -60}],
        "recurrence_type": "monthly",
        "recurrence_interval": 1,
        "rrule": "FREQ=MONTHLY;SKIP=BACKWARD",
        "start_date": "2100-01-31",
        "due_time": "09:00:00",
        "timezone": "Europe/Berlin",
        "end_date": None,
        "exdates": [],
        "rdates": [],
        "moved": {},
        "trigger": "calendar",
        "count_from": "due_date",
        "create_ahead": 0,
        "catch_up": "all",
        "is_active": True,
        "next_due_at": "2100-01-31",
        "next_occurrence_at": "2100-01-31T08:00:00Z",
        "last_created_at": None,
        "left_out": 0,
        "last_error": "",
        "version": 1,
    }
    assert made["text"]


def test_it_is_read_with_its_tag(api: APIClient) -> None:
    made = _make(api)
    answer: Any = api.get(_path(made))

    assert answer.json() == made
    assert answer["ETag"] == '"1"'


@pytest.mark.parametrize("method", ["put", "patch"])
def test_what_is_given_changes_and_the_rest_stays(api: APIClient, method: str) -> None:
    made = _make(api, description="By transfer")
    send: Callable[..., Any] = getattr(api, method)
    answer = send(_path(made), {"title": "Rent", "recurrence_interval": 2})

    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    later = answer.json()
    assert (later["title"], later["description"]) == ("Rent", "By transfer")
    assert later["rrule"] == "FREQ=MONTHLY;INTERVAL=2;SKIP=BACKWARD"


def test_null_takes_a_member_away(api: APIClient) -> None:
    full = {
        "description": "x",
        "priority": "urgent",
        "tags": ["home"],
        "reminders": [{"offset_minutes": 5}],
        "recurrence_interval": 3,
        "end_date": "2110-01-01",
        "exdates": ["2100-04-30"],
        "rdates": ["2100-01-15T12:00:00"],
        "trigger": "completion",
        "count_from": "completion",
        "create_ahead": 3,
        "catch_up": "skip",
        "due_time": "10:00",
    }
    made, plain = _make(api, **full), _make(api, due_time=None)
    later = _changed(api, made, **dict.fromkeys(full))

    passing = {"id", "version", "created_at", "updated_at"}
    assert {name: later[name] for name in later.keys() - passing} == {
        name: plain[name] for name in plain.keys() - passing
    }


@pytest.mark.parametrize("name", ["title", "start_date", "timezone", "is_active"])
def test_what_has_no_default_cannot_be_taken_away(api: APIClient, name: str) -> None:
    problems.check(api.patch(_path(_make(api)), {name: None}), 400, name)


def test_a_rule_takes_the_place_of_a_type_and_back(api: APIClient) -> None:
    made = _make(api)
    ruled = _changed(api, made, rrule="freq=weekly;byday=fr,mo;interval=2;")
    assert (ruled["rrule"], ruled["recurrence_type"], ruled["recurrence_interval"]) == (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
        "weekly",
        2,
    )
    daily = _changed(api, made, recurrence_type="daily")
    assert (daily["rrule"], daily["recurrence_interval"]) == ("FREQ=DAILY", 1)
    weekly = _changed(api, made, rrule="FREQ=WEEKLY;INTERVAL=60;BYDAY=MO")
    assert weekly["recurrence_interval"] == 60
    simple = _changed(api, made, rrule=None)
    assert (simple["rrule"], simple["recurrence_interval"]) == ("FREQ=WEEKLY", 1)


RULED = {"rrule": "FREQ=WEEKLY;INTERVAL=60;BYDAY=MO", "recurrence_type": None}


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize("said", [{}, RULED], ids=["simple", "by rule"])
def test_what_was_read_may_be_sent_back(api: APIClient, method: str, said: Any) -> None:
    body = {name: value for name, value in {**RENT, **said}.items() if value}
    made = api.post(SERIES, {**body, "exdates": ["2100-02-28T09:00"]}).json()
    send: Callable[..., Any] = getattr(api, method)

    assert send(_path(made), made).json() == made
    assert send(_path(made), {**made, "title": "Rent"}).json()["rrule"] == made["rrule"]
    other = send(_path(made), {**made, "recurrence_type": "daily", "recurrence_interval": 3})
    assert other.json()["rrule"] == "FREQ=DAILY;INTERVAL=3"
    again = send(_path(made), {**other.json(), "rrule": "FREQ=YEARLY;BYMONTH=3"})
    assert (again.json()["recurrence_type"], again.json()["recurrence_interval"]) == ("yearly", 1)
    both = {**again.json(), "rrule": "FREQ=DAILY;COUNT=3", "recurrence_type": "weekly"}
    problems.check(send(_path(made), both), 400, "rrule")


def test_another_time_of_day_takes_the_dates_along(api: APIClient) -> None:
    made = _make(api, exdates=["2100-02-28"])
    assert made["exdates"] == ["2100-02-28T09:00:00"]
    later: Any = api.put(_path(made), {**made, "due_time": "10:00"})

    assert later.json()["exdates"] == ["2100-02-28T10:00:00"]


def test_a_copy_of_a_series_is_as_simple(api: APIClient) -> None:
    made = _make(api, recurrence_interval=2)
    copy = _make(api, **made)

    assert copy["id"] != made["id"]
    assert RecurringTask.objects.get(pk=copy["id"]).is_simple


def test_paused_and_resumed(api: APIClient) -> None:
    made = _make(api)
    paused: Any = api.post(_path(made, "/pause"))
    again: Any = api.post(_path(made, "/pause"))
    resumed: Any = api.post(_path(made, "/resume"))

    assert [each.status_code for each in (paused, again, resumed)] == [200, 200, 200]
    assert [each.json()["is_active"] for each in (paused, again, resumed)] == [False, False, True]
    assert [each["ETag"] for each in (paused, again, resumed)] == ['"2"', '"2"', '"3"']


def test_a_deleted_one_leaves_its_tasks(api: APIClient) -> None:
    made = _make(api)
    task: Any = api.post(_path(made, "/run"))
    assert task.status_code == 201
    assert api.delete(_path(made)).status_code == 204

    problems.check(api.get(_path(made)), 404)
    left: Any = api.get(f"/api/tasks/{task.json()['id']}")
    assert (left.json()["recurring_task_id"], left.json()["is_recurring"]) == (made["id"], True)


def test_the_next_can_be_made_now(api: APIClient) -> None:
    made = _make(api)
    task: Any = api.post(_path(made, "/run"))

    said = task.json()
    assert (task.status_code, said["title"], said["occurrence"], said["due_at"]) == (
        201,
        "Pay the rent of January",
        "2100-01-31T09:00:00",
        "2100-01-31T08:00:00Z",
    )
    assert api.get(_path(made)).json()["next_due_at"] == "2100-02-28"
    api.post(_path(made, "/pause"))
    problems.check(api.post(_path(made, "/run")), 400, "non_field_errors")


def test_others_series_are_not_there(
    api: APIClient, bob: User, api_of: Callable[[User], APIClient]
) -> None:
    made, his = _make(api), api_of(bob)

    assert his.get(SERIES).json()["total"] == 0
    for path in (_path(made), f"{SERIES}/{uuid4()}"):
        problems.check(his.get(path), 404)
        problems.check(his.patch(path, {"title": "Mine"}), 404)
        problems.check(his.post(f"{path}/run"), 404)
        problems.check(his.delete(path), 404)
    assert not Task.objects.exists()


@pytest.mark.parametrize("series_id", ["1", "null", "0190a6e0-1c5f-7c3e-9c1e", "%00"])
def test_what_is_no_id_is_not_there(api: APIClient, series_id: str) -> None:
    problems.check(api.get(f"{SERIES}/{series_id}"), 404)


def test_a_stale_version_changes_nothing(api: APIClient) -> None:
    made = _make(api)
    _changed(api, made, title="New")
    stale: Any
    for method, action, body in [
        ("patch", "", {"title": "Newer"}),
        ("put", "", {"title": "Newer"}),
        ("delete", "", None),
        ("post", "/pause", None),
        ("post", "/resume", None),
        ("post", "/run", None),
        ("post", "/skip", {"occurrence": "2100-02-28"}),
        ("post", "/move", {"occurrence": "2100-02-28", "to": "2100-03-01T09:00"}),
        ("post", "/split", {"occurrence": "2100-02-28"}),
    ]:
        stale = getattr(api, method)(_path(made, action), body, HTTP_IF_MATCH='"1"')
        problem = problems.check(stale, 412)
        assert (problem["version"], problem["current"]["title"]) == (2, "New"), (method, action)
    assert api.get(_path(made)).json()["version"] == 2


def test_a_repeated_post_makes_one_series(api: APIClient) -> None:
    sent = [api.post(SERIES, RENT, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2)]

    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].content == sent[1].content
    assert RecurringTask.objects.count() == 1
