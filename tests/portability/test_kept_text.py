"""What stays with a task unread is well formed when it comes, and goes back as it came."""

import io
import json
import zipfile
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tests.contract import problems
from tests.portability.test_import_ics import calendar
from todo_project.portability.own_file import FORMAT

pytestmark = pytest.mark.django_db(transaction=True)

ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:nonsense\r\nEND:VALARM\r\n"
NESTED = ALARM.replace("END:", "BEGIN:VLOCATION\r\nNAME:Home\r\nEND:VLOCATION\r\nEND:")


def _kept(lines: Any = (), alarms: Any = ()) -> bytes:
    task = {"title": "a", "calendar": {"lines": list(lines), "alarms": list(alarms)}}
    return json.dumps({"format": FORMAT, "tasks": [task]}).encode()


@pytest.mark.parametrize(
    "kept",
    [
        {"lines": ["RRULE:FREQ=WEEKLY;BYDAY=MO", "RDATE:"], "alarms": [ALARM, NESTED]},
        {"lines": [], "alarms": []},
        {"lines": ["DTSTART;TZID=Europe/Berlin:20260301T090000"], "alarms": [ALARM.strip()]},
        {"lines": ["EXDATE;VALUE=DATE:20260301,20260302"], "alarms": []},
        {"lines": ["RDATE;VALUE=PERIOD:20300101T090000Z/PT1H"], "alarms": []},
        {"lines": ["DURATION:-P1DT2H"], "alarms": [f"BEGIN:VALARM\nX-A:{'ü' * 99}\nEND:VALARM"]},
    ],
)
def test_what_is_well_formed_comes_back_from_every_format(
    api: APIClient, bob: User, api_of: Any, kept: dict[str, list[str]]
) -> None:
    _import(api, _kept(**kept), "application/json")
    assert Task.objects.get().calendar == {**kept, "lines": sorted(kept["lines"])}

    for kind, media in {"json": "application/json", "ics": "text/calendar"}.items():
        _import(api_of(bob), _export(api, kind), media, "?duplicates=keep")
        copy = Task.objects.filter(user=bob).latest("pk").calendar or {"lines": [], "alarms": []}
        assert copy["lines"] == sorted(kept["lines"])
        assert [_lines(one) for one in copy["alarms"]] == [_lines(one) for one in kept["alarms"]]


def _lines(alarm: str) -> list[str]:
    return alarm.replace("\r", "").strip().split("\n")


@pytest.mark.parametrize(
    ("lines", "alarms"),
    [
        (["SUMMARY:evil"], []),
        (["END:VTODO"], []),
        (["RRULE"], []),
        (["RRULE:FREQ=NEVER"], []),
        (["RRULE:FREQ=DAILY\nSUMMARY:evil"], []),
        (["RRULE:FREQ=DAILY\rSUMMARY:evil"], []),
        (['RRULE;X="a:FREQ=DAILY'], []),
        (["DTSTART:yesterday"], []),
        ([], ["garbage"]),
        ([], [ALARM + "SUMMARY:evil"]),
        ([], [ALARM * 2]),
        ([], ["BEGIN:VALARM\r\nEND:VTODO\r\n"]),
        ([], ["BEGIN:VALARM\r\n"]),
        ([], ["BEGIN:VALARM\r\nBEGIN:VTODO\r\nEND:VTODO\r\nEND:VALARM"]),
        ([], ["BEGIN:VALARM\r\nBEGIN;X=1:VTODO\r\nEND:VALARM"]),
        ([], ["BEGIN:VALARM\r\nX-A:1\rEND:VTODO\r\nEND:VALARM"]),
        ([], ["BEGIN:VALARM\r\nno line\r\nEND:VALARM"]),
        ([], ["BEGIN:VTODO\r\nEND:VTODO"]),
        (["RRULE:FREQ=DAILY"] * 101, []),
        ([], ["x" * 5_001]),
    ],
)
def test_what_is_not_is_refused(api: APIClient, lines: list[str], alarms: list[str]) -> None:
    answer: Any = api.post("/api/import", _kept(lines, alarms), content_type="application/json")

    problem = problems.check(answer, 400, "file")
    assert problem["errors"]["file"][0].startswith('tasks[0]: {"calendar":')
    assert not Task.objects.exists()


def test_an_alarm_whose_trigger_nobody_reads_leaves_the_export_whole(api: APIClient) -> None:
    entry = f"UID:1\nSUMMARY:a\n{ALARM.replace(chr(13), '')}"
    _import(api, calendar(entry), "text/calendar")

    assert ALARM.encode() in _export(api, "ics")
    assert zipfile.is_zipfile(io.BytesIO(_export(api, "zip")))


@pytest.mark.parametrize(
    "kept",
    [
        {"lines": [], "alarms": ["garbage"]},
        {"lines": ["X:1\nY:2"], "alarms": []},
        {"lines": [], "alarms": ["BEGIN:VALARM\r\nTRIGGER:nonsense"]},
    ],
)
def test_not_even_what_came_unchecked_breaks_an_export(
    api: APIClient, alice: User, kept: dict[str, list[str]]
) -> None:
    """There may be rows from before it was checked."""
    api.post("/api/tasks", {"title": "a"})
    Task.objects.update(calendar=kept)

    assert _export(api, "ics").endswith(b"END:VCALENDAR\r\n")
    assert zipfile.is_zipfile(io.BytesIO(_export(api, "zip")))


def _export(api: APIClient, kind: str) -> bytes:
    answer: Any = api.get(f"/api/export?format={kind}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def _import(api: APIClient, source: bytes, kind: str, query: str = "") -> None:
    answer: Any = api.post(f"/api/import{query}", source, content_type=kind)
    assert answer.status_code == 200, answer.content
