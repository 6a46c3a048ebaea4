"""One occurrence of a series over REST: shown, skipped, moved, or the first of a series anew."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.contract import problems

pytestmark = pytest.mark.django_db

SERIES = "/api/recurring-tasks"
STANDUP = {
    "title": "Stand-up",
    "rrule": "FREQ=WEEKLY;BYDAY=MO,TH",
    "start_date": "2100-03-22",  # a Monday; the clocks change on the Sunday after it
    "due_time": "09:00",
}


@pytest.fixture
def path(api: APIClient) -> str:
    return _made(api)


def _made(api: APIClient, **said: Any) -> str:
    answer: Any = api.post(SERIES, {**STANDUP, **said})
    assert answer.status_code == 201, answer.content
    return f"{SERIES}/{answer.json()['id']}"


def _shown(api: APIClient, path: str, query: str = "from=2100-03-22&to=2100-03-31") -> Any:
    answer: Any = api.get(f"{path}/occurrences?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["items"]


def _names(api: APIClient, path: str, query: str) -> list[str]:
    return [each["occurrence"] for each in _shown(api, path, query)]


def test_they_are_shown_with_what_became_of_them(api: APIClient, path: str) -> None:
    task = api.post(f"{path}/run").json()
    api.post(f"{path}/skip", {"occurrence": "2100-03-25"})
    api.post(f"{path}/move", {"occurrence": "2100-03-29", "to": "2100-03-30T10:30"})

    assert _shown(api, path) == [
        {
            "occurrence": "2100-03-22T09:00:00",
            "local": "2100-03-22T09:00:00",
            "at": "2100-03-22T08:00:00Z",
            "skipped": False,
            "moved": False,
            "task_id": task["id"],
        },
        {
            "occurrence": "2100-03-25T09:00:00",
            "local": "2100-03-25T09:00:00",
            "at": "2100-03-25T08:00:00Z",
            "skipped": True,
            "moved": False,
            "task_id": None,
        },
        {
            "occurrence": "2100-03-29T09:00:00",
            "local": "2100-03-30T10:30:00",
            "at": "2100-03-30T08:30:00Z",
            "skipped": False,
            "moved": True,
            "task_id": None,
        },
    ]


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=2100-03-25&to=2100-03-29", "2100-03-25", "2100-03-29"),
        ("from=2100-03-25T09:00&to=2100-03-29T09:00", "2100-03-25", "2100-03-25"),
        ("from=2100-03-25T09:00:01&to=2100-03-29T09:00:01", "2100-03-29", "2100-03-29"),
        ("from=2100-03-25T08:00:00Z&to=2100-03-29T07:00:00Z", "2100-03-25", "2100-03-25"),
        ("from=2100-03-25T08:00:01Z&to=2100-04-01", "2100-03-29", "2100-04-01"),
        ("from=2100-03-25T10:00:00%2B02:00&to=2100-03-29", "2100-03-25", "2100-03-29"),
        ("from=2100-03-25T10:00:00+02:00&to=2100-03-29", "2100-03-25", "2100-03-29"),
    ],
)
def test_a_span_is_of_days_wall_times_or_instants(
    api: APIClient, path: str, query: str, first: str, last: str
) -> None:
    names = _names(api, path, query)
    assert (names[0][:10], names[-1][:10]) == (first, last)


def test_by_default_they_are_those_of_a_year(api: APIClient) -> None:
    path = _made(api, rrule="FREQ=DAILY", start_date="2020-01-01")
    answer: Any = api.get(f"{path}/occurrences")

    assert (len(answer.json()["items"]), answer.json()["truncated"]) == (366, False)


def test_no_more_than_366_are_shown(api: APIClient) -> None:
    path = _made(api, rrule="FREQ=DAILY;BYHOUR=8,9", start_date="2100-01-01")
    answer: Any = api.get(f"{path}/occurrences?from=2100-01-01")

    assert (len(answer.json()["items"]), answer.json()["truncated"]) == (366, True)


def test_one_that_was_moved_out_of_a_span_is_not_in_it(api: APIClient, path: str) -> None:
    api.post(f"{path}/move", {"occurrence": "2100-03-25", "to": "2101-01-01T09:00"})

    assert _names(api, path, "from=2100-03-25&to=2100-03-26") == []
    assert "2100-03-25T09:00:00" in _names(api, path, "from=2101-01-01&to=2101-01-01")


def test_those_of_an_all_day_series_are_days(api: APIClient) -> None:
    path = _made(api, due_time=None)
    first = _shown(api, path)[0]

    assert (first["occurrence"], first["at"]) == ("2100-03-22", "2100-03-21T23:00:00Z")


def test_what_is_counted_from_completion_is_known_when_it_is_made(api: APIClient) -> None:
    path = _made(api, trigger="completion", count_from="completion")
    assert _names(api, path, "from=2100-03-22") == ["2100-03-22T09:00:00"]

    task = api.post(f"{path}/run").json()
    assert [each["task_id"] for each in _shown(api, path, "from=2100-03-22")] == [task["id"]]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=soon", "from"),
        ("to=2100-02-30", "to"),
        ("from=1899-12-31", "from"),
        ("to=9999-12-31", "to"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
        ("from=2100-03-22&to=2100-03-20", "to"),
        ("from=2100-03-22&from=2100-03-23", "from"),
        ("after=2100-03-22", "after"),
    ],
)
def test_a_span_that_cannot_be_is_refused(
    api: APIClient, path: str, query: str, field: str
) -> None:
    problems.check(api.get(f"{path}/occurrences?{query}"), 400, field)


def test_a_skipped_one_is_left_out(api: APIClient, path: str) -> None:
    task = api.post(f"{path}/run").json()
    answer: Any = api.post(f"{path}/skip", {"occurrence": task["occurrence"]})

    assert answer.status_code == 200
    assert answer.json()["exdates"] == ["2100-03-22T09:00:00"]
    assert api.get(f"/api/tasks/{task['id']}").json()["status"] == "cancelled"


def test_a_moved_one_takes_its_task_along(api: APIClient, path: str) -> None:
    task = api.post(f"{path}/run").json()
    to = {"occurrence": task["occurrence"], "to": "2100-03-23T14:00"}
    answer: Any = api.post(f"{path}/move", to)

    assert answer.json()["moved"] == {"2100-03-22T09:00:00": "2100-03-23T14:00:00"}
    moved = api.get(f"/api/tasks/{task['id']}").json()
    assert (moved["due_at"], moved["occurrence"]) == ("2100-03-23T13:00:00Z", task["occurrence"])


def test_this_and_all_that_follow_become_another_series(api: APIClient, path: str) -> None:
    answer: Any = api.post(f"{path}/split", {"occurrence": "2100-03-29", "title": "Daily"})

    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    new, old = answer.json(), api.get(path).json()
    assert new["id"] != old["id"]
    assert (new["title"], new["start_date"], new["rrule"]) == (
        "Daily",
        "2100-03-29",
        STANDUP["rrule"],
    )
    assert (old["title"], old["end_date"]) == ("Stand-up", "2100-03-28")


def test_what_follows_may_have_another_rule(api: APIClient, path: str) -> None:
    answer: Any = api.post(
        f"{path}/split",
        {"occurrence": "2100-03-29", "rrule": "FREQ=DAILY", "due_time": "10:00", "tags": None},
    )
    new = answer.json()

    assert (new["rrule"], new["due_time"], new["recurrence_type"]) == (
        "FREQ=DAILY",
        "10:00:00",
        "daily",
    )


@pytest.mark.parametrize(
    ("action", "said", "fields"),
    [
        ("skip", {}, ["occurrence"]),
        ("skip", {"occurrence": "2100-03-23"}, ["occurrence"]),
        ("skip", {"occurrence": "2100-03-22T09:00:00Z"}, ["occurrence"]),
        ("skip", {"occurrence": "0001-01-01"}, ["occurrence"]),
        ("skip", {"occurrence": "9999-12-31T23:59:59"}, ["occurrence"]),
        ("skip", {"occurrence": "2100-03-22", "to": "2100-03-23"}, ["to"]),
        ("move", {}, ["occurrence", "to"]),
        ("move", {"occurrence": "2100-03-22", "to": "2100-03-23"}, ["to"]),
        ("move", {"occurrence": "2100-03-22", "to": "2201-01-01T09:00"}, ["to"]),
        ("move", {"occurrence": "2100-03-22", "to": "2020-01-01T09:00"}, ["to"]),
        ("split", {}, ["occurrence"]),
        ("split", {"occurrence": "2100-03-22"}, ["occurrence"]),
        ("split", {"occurrence": "2100-03-23"}, ["occurrence"]),
        ("split", {"occurrence": "2100-03-25", "title": ""}, ["title"]),
        ("split", {"occurrence": "2100-03-25", "rrule": "FREQ=WEEKLY;COUNT=0"}, ["rrule"]),
        ("split", {"occurrence": "2100-03-25", "colour": "red"}, ["colour"]),
        ("run", {"now": True}, ["now"]),
        ("pause", {"until": "2100-03-23"}, ["until"]),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    api: APIClient, path: str, action: str, said: Any, fields: list[str]
) -> None:
    problems.check(api.post(f"{path}/{action}", said), 400, *fields)
    assert api.get(path).json()["version"] == 1
