"""One VTODO entry (RFC 5545) as the fields of a task."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from django.core.exceptions import ValidationError
from icalendar import Todo
from icalendar.parser import split_on_unescaped_comma

from tasks_app.due import validate_day
from tasks_app.models import MOST_TAGS, Priority, Status, Tag, Task
from todo_project.portability import kept_text
from todo_project.portability.content_lines import Property
from todo_project.portability.zones import UnclearZone, Zones

STATUSES: Final = {
    "NEEDS-ACTION": Status.PENDING,
    "IN-PROCESS": Status.IN_PROGRESS,
    "COMPLETED": Status.COMPLETED,
    "CANCELLED": Status.CANCELLED,
}
_SOURCES: Final = {
    "title": "SUMMARY",
    "description": "DESCRIPTION",
    "due_date": "DUE",
    "due_at": "DUE",
    "due_timezone": "DUE",
}
PARSED: Final = {*_SOURCES.values(), "PRIORITY", "STATUS", "COMPLETED", "UID"}
SINGLE: Final = {*PARSED, "RECURRENCE-ID"}
PROPERTIES: Final = {*SINGLE, "CATEGORIES"}
LONGEST_UID: Final = 255
UNTITLED: Final = "(no summary)"  # which RFC 5545 allows, and a task does not
_PRIORITY: Final = re.compile("[0-9]")

Named = defaultdict[str, list[Property]]  # what is read of an entry; all other names are empty


class Fault(Exception):
    """This entry can't become a task."""

    def __init__(self, property_: str, message: str) -> None:
        super().__init__(f"{property_}: {message}")


def task(entry: Todo, named: Named, *, alarms: Sequence[str], zones: Zones) -> dict[str, Any]:
    """The fields as `create_task` takes them. Raises Fault.

    `entry` has the values of PARSED, `named` what is taken as it is written; `alarms` stay with
    the task unread.
    """
    for name, message in entry.errors:
        raise Fault(name or "unreadable line", message)
    tags = _tags(named)
    fields = {
        "title": _text(entry, "SUMMARY") or UNTITLED,
        "description": _text(entry, "DESCRIPTION"),
        "priority": _priority(entry),
        **_due(entry, zones),
        **_status(entry, zones),
    }
    fields |= {"calendar_uid": _uid(entry, named), "calendar": _kept(named, alarms)}
    _check(fields, tags)
    return fields | {"tags": tags}


def _uid(entry: Todo, named: Named) -> str:
    """What the file calls it. One occurrence of a series has the series' UID and its own date."""
    uid = " ".join([_text(entry, "UID"), *(each.value for each in named["RECURRENCE-ID"])])
    if len(uid) > LONGEST_UID:
        raise Fault("UID", f"has {len(uid):,} characters; {LONGEST_UID} is the most.")
    return uid


def _kept(named: Named, alarms: Sequence[str]) -> dict[str, Any] | None:
    lines = [str(each) for name in named.keys() & kept_text.KEPT.keys() for each in named[name]]
    try:
        return kept_text.kept(lines, alarms)
    except kept_text.NotKept as error:
        name = "the rule" if error.part == "lines" else kept_text.ALARM
        raise Fault(name, str(error)) from error


def _text(entry: Todo, name: str) -> str:
    return str(entry.get(name) or "").strip()


def _priority(entry: Todo) -> Priority:
    """The bands of RFC 5545, 3.8.1.9: 1 to 4 high, 5 medium, 6 to 9 low; 0 says nothing."""
    said = _text(entry, "PRIORITY") or "0"
    if not _PRIORITY.fullmatch(said):
        raise Fault("PRIORITY", f"{said[:50]} is not between 0 and 9.")
    number = int(said)
    if number in (0, 5):
        return Priority.MEDIUM
    return Priority.HIGH if number < 5 else Priority.LOW


def _tags(named: Named) -> list[str]:
    lists = [split_on_unescaped_comma(each.value) for each in named["CATEGORIES"]]
    return sorted({name.strip() for names in lists for name in names} - {""})


def _due(entry: Todo, zones: Zones) -> dict[str, Any]:
    value = _moment(entry, "DUE", zones)
    if not isinstance(value, datetime):
        return {"due_date": value}
    key = getattr(value.tzinfo, "key", None)  # a zone that only this file describes has none
    return {"due_at": value, "due_timezone": key or zones.default.key}


def _status(entry: Todo, zones: Zones) -> dict[str, Any]:
    """The status; without one, a time of completion speaks for itself."""
    completed = _moment(entry, "COMPLETED", zones)
    name = _text(entry, "STATUS").upper() or ("COMPLETED" if completed else "NEEDS-ACTION")
    if name not in STATUSES:
        raise Fault("STATUS", f"{name[:50]} is none of {', '.join(STATUSES)}.")
    status = STATUSES[name]
    if completed is None or status != Status.COMPLETED:
        return {"status": status}
    if not isinstance(completed, datetime):
        completed = datetime.combine(completed, time(), tzinfo=zones.default)
    return {"status": status, "completed_at": completed}


def _moment(entry: Todo, name: str, zones: Zones) -> date | datetime | None:
    """A day, or an instant."""
    value = entry.get(name)
    if value is None:
        return None
    moment = getattr(value, "dt", None)
    if not isinstance(moment, date):  # a datetime is one, too
        raise Fault(name, "is neither a date nor a date with a time.")
    try:
        validate_day(moment.date() if isinstance(moment, datetime) else moment)
        if isinstance(moment, datetime) and moment.tzinfo is None:
            return zones.instant(moment, str(value.params.get("TZID", "")))
    except ValidationError as error:
        raise Fault(name, " ".join(error.messages)) from error
    except UnclearZone as error:
        raise Fault(name, str(error)) from error
    return moment


def _check(fields: dict[str, Any], tags: list[str]) -> None:
    if len(tags) > MOST_TAGS:
        raise Fault("CATEGORIES", f"{len(tags)} are too many; {MOST_TAGS} is the most.")
    try:
        Task(**fields).clean_fields(exclude=["user", "created_at", "updated_at"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Fault(_SOURCES.get(field, field), " ".join(messages)) from error
    for name in tags:
        try:
            Tag(name=name).clean_fields(exclude=["user"])
        except ValidationError as error:
            raise Fault("CATEGORIES", " ".join(error.messages)) from error
