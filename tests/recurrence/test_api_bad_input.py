"""A series that cannot be is a 400 that names the field and, of a rule, the part and why."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from bridges.models import Event
from recurrence_app.models import RecurringTask
from tests.contract import problems

pytestmark = pytest.mark.django_db

SERIES = "/api/recurring-tasks"
BODY = {"title": "Water the plants", "start_date": "2100-03-01", "due_time": "09:00"}
DAILY = {**BODY, "recurrence_type": "daily"}
RULES = [
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
    ("FREQ=DAILY;INTERVAL=10000", "INTERVAL"),
    ("FREQ=DAILY;BYMOON=1", "BYMOON"),
    ("FREQ=DAILY;INTERVAL=1;INTERVAL=2", "INTERVAL"),
    ("FREQ=DAILY;COUNT=2;UNTIL=21000401T000000Z", "COUNT"),
    ("FREQ=DAILY;UNTIL=21000401", "UNTIL"),
    ("FREQ=HOURLY", "FREQ"),
    ("FREQ=YEARLY;BYMONTH=13", "BYMONTH"),
    ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
    ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "BYMONTH"),
    ("FREQ=DAILY;UNTIL=21000101T000000Z", "UNTIL"),
    ("FREQ=DAILY;COUNT=1;BYMONTH=2;BYMONTHDAY=30", "BYMONTH"),
    ("FREQ=DAILY;BYMONTH=" + "1," * 5000 + "1", "1000"),
    ("", "blank"),
    (["FREQ=DAILY"], "string"),
]


@pytest.fixture
def series(api: APIClient) -> str:
    return f"{SERIES}/{api.post(SERIES, DAILY).json()['id']}"


@pytest.mark.parametrize(("rrule", "part"), RULES)
def test_a_rule_is_refused_by_its_part(api: APIClient, series: str, rrule: Any, part: str) -> None:
    for answer in (
        api.post(SERIES, {**BODY, "rrule": rrule}),
        api.patch(series, {"rrule": rrule}),
        api.put(series, {"rrule": rrule}),
    ):
        problem = problems.check(answer, 400, "rrule")
        assert part in problem["errors"]["rrule"][0]


BAD_FIELDS: list[tuple[str, list[Any]]] = [
    ("title", [None, "", " ", "x" * 501, "nul\0", 5, "{quarter}", "{"]),
    ("description", ["x" * 10_001, 5, "nul\0"]),
    ("priority", ["High", 3, ""]),
    ("priority_id", [0, 5, "3", 2.5, True]),
    ("tags", ["home", [""], ["x" * 51], [5], [str(number) for number in range(51)]]),
    (
        "reminders",
        [
            5,
            [5],
            [{}],
            [{"offset_minutes": "5"}],
            [{"offset_minutes": 10**9}],
            [{"at": "2100-01-01T00:00:00Z"}],
            [{"offset_minutes": 5}] * 21,
        ],
    ),
    ("recurrence_type", ["hourly", "Daily", "", 5]),
    ("recurrence_interval", [0, -1, 53, 10_000, 1.5, "2", True]),
    ("start_date", [None, "", "2100-02-30", "1899-12-31", "2201-01-01", 5, "2100-01-01T09:00:00"]),
    ("due_time", ["", "24:00", "09:60", "9", 9, "09:00:00Z", "09:00+01:00", "09:00:00.5"]),
    ("timezone", [None, "", "Mars/Olympus", "../../etc/passwd", 5]),
    ("end_date", ["2100-02-28", "soon", "", 5]),
    ("exdates", ["2100-03-02", [5], ["2100-03-02T09:00:00Z"], [None], ["2100-03-02"] * 1001]),
    ("rdates", ["2100-03-02", [5], ["2100-03-02T09:00:00+01:00"], ["1899-01-01"]]),
    ("trigger", ["moon", 5, ""]),
    ("count_from", ["start", 5]),
    ("create_ahead", [-1, 366, "1", 1.5]),
    ("catch_up", ["none", 5]),
    ("is_active", ["true", 1, None]),
    ("colour", ["red"]),
    ("user", [1]),
]


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in BAD_FIELDS for value in values]
)
def test_a_field_is_refused_by_its_name(
    api: APIClient, series: str, field: str, value: Any
) -> None:
    events = Event.objects.count()

    problems.check(api.post(SERIES, {**DAILY, field: value}), 400, field)
    problems.check(api.patch(series, {field: value}), 400, field)
    assert RecurringTask.objects.count() == 1
    assert Event.objects.count() == events


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b"{"])
def test_a_body_that_is_no_object_is_refused(api: APIClient, body: bytes) -> None:
    answer: Any = api.generic("POST", SERIES, body, "application/json")  # type: ignore[arg-type]
    assert answer.status_code == 400


def test_what_is_read_only_is_ignored(api: APIClient) -> None:
    said = {"id": "x", "version": 9, "next_due_at": 5, "last_error": 1, "moved": 2, "text": 3}
    answer: Any = api.post(SERIES, {**DAILY, **said})

    assert answer.status_code == 201
    assert answer.json()["version"] == 1


def test_all_that_is_wrong_is_named_at_once(api: APIClient) -> None:
    answer = api.post(SERIES, {"title": "", "rrule": "FREQ=HOURLY", "colour": "red"})

    problems.check(answer, 400, "colour", "rrule", "start_date", "title")
