"""One VTODO entry (RFC 5545) as the fields of a task."""

from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from icalendar import Todo
from icalendar.parser import Contentline

from tasks_app.due import validate_day
from tasks_app.models import MOST_TAGS, Priority, Status, Tag, Task

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
PROPERTIES: Final = {*_SOURCES.values(), "PRIORITY", "CATEGORIES", "STATUS", "COMPLETED", "UID"}
# What recurs and what reminds, kept as it is written, for whoever reads the file next.
KEPT: Final = {"RRULE", "EXDATE", "RDATE", "DTSTART", "DURATION"}
MOST_KEPT: Final = 100  # lines, and alarms
LONGEST_KEPT: Final = 5_000  # characters
LONGEST_UID: Final = 255


UNTITLED: Final = "(no summary)"  # which RFC 5545 allows, and a task does not


class Fault(Exception):
    """This entry can't become a task."""

    def __init__(self, property_: str, message: str) -> None:
        super().__init__(f"{property_}: {message}")


def task(entry: Todo, *, zone: ZoneInfo) -> dict[str, Any]:
    """The fields as `create_task` takes them; a time without a zone is in `zone`. Raises Fault."""
    for name, message in entry.errors:
        if name is None or name in PROPERTIES | KEPT:
            raise Fault(name or "unreadable line", message)
    tags = _tags(entry)
    fields = {
        "title": _text(entry, "SUMMARY") or UNTITLED,
        "description": _text(entry, "DESCRIPTION"),
        "priority": _priority(entry),
        **_due(entry, zone),
        **_status(entry, zone),
    }
    fields |= {"calendar_uid": _uid(entry), "calendar": _kept(entry)}
    _check(fields, tags)
    return fields | {"tags": tags}


def _uid(entry: Todo) -> str:
    """What the file calls it. One occurrence of a series has the series' UID and its own date."""
    uid, occurrence = _text(entry, "UID"), entry.get("RECURRENCE-ID")
    if occurrence is not None:
        uid += f" {occurrence.to_ical().decode()}"
    if len(uid) > LONGEST_UID:
        raise Fault("UID", f"has {len(uid):,} characters; {LONGEST_UID} is the most.")
    return uid


def _kept(entry: Todo) -> dict[str, list[str]] | None:
    """The content lines (RFC 5545, 3.1) of KEPT, unfolded, and the alarms, whole."""
    lines = [
        str(Contentline.from_parts(name, value.params, value, sorted=False))
        for name in KEPT & entry.keys()
        for value in _each(entry[name])
    ]
    alarms = [each.to_ical().decode() for each in entry.subcomponents if each.name == "VALARM"]
    for name, kept in (("the rule", lines), ("VALARM", alarms)):
        if len(kept) > MOST_KEPT:
            raise Fault(name, f"has {len(kept):,} parts; {MOST_KEPT} is the most.")
        if any(len(part) > LONGEST_KEPT for part in kept):
            raise Fault(name, f"has more than {LONGEST_KEPT:,} characters.")
    return {"lines": sorted(lines), "alarms": alarms} if lines or alarms else None


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _one(entry: Todo, name: str) -> Any:
    value = entry.get(name)
    if isinstance(value, list):
        raise Fault(name, "is there more than once.")
    return value


def _text(entry: Todo, name: str) -> str:
    return str(_one(entry, name) or "").strip()


def _priority(entry: Todo) -> Priority:
    """The bands of RFC 5545, 3.8.1.9: 1 to 4 high, 5 medium, 6 to 9 low; 0 says nothing."""
    number = int(_one(entry, "PRIORITY") or 0)
    if not 0 <= number <= 9:
        raise Fault("PRIORITY", f"{number} is not between 0 and 9.")
    if number in (0, 5):
        return Priority.MEDIUM
    return Priority.HIGH if number < 5 else Priority.LOW


def _tags(entry: Todo) -> list[str]:
    names = (str(name).strip() for name in entry.categories)
    return sorted({name for name in names if name})


def _due(entry: Todo, zone: ZoneInfo) -> dict[str, Any]:
    value = _moment(entry, "DUE")
    if not isinstance(value, datetime):
        return {"due_date": value}
    instant = _with_zone(value, zone)
    key = getattr(instant.tzinfo, "key", None)  # a zone that only this file describes has none
    return {"due_at": instant, "due_timezone": key or zone.key}


def _status(entry: Todo, zone: ZoneInfo) -> dict[str, Any]:
    """The status; without one, a time of completion speaks for itself."""
    completed = _moment(entry, "COMPLETED")
    name = _text(entry, "STATUS").upper() or ("COMPLETED" if completed else "NEEDS-ACTION")
    if name not in STATUSES:
        raise Fault("STATUS", f"{name[:50]} is none of {', '.join(STATUSES)}.")
    status = STATUSES[name]
    if completed is None or status != Status.COMPLETED:
        return {"status": status}
    if not isinstance(completed, datetime):
        completed = datetime.combine(completed, time(), tzinfo=zone)
    return {"status": status, "completed_at": _with_zone(completed, zone)}


def _moment(entry: Todo, name: str) -> date | datetime | None:
    value = _one(entry, name)
    if value is None:
        return None
    moment = getattr(value, "dt", None)
    if not isinstance(moment, date):  # a datetime is one, too
        raise Fault(name, "is neither a date nor a date with a time.")
    zone = value.params.get("TZID")
    if zone and isinstance(moment, datetime) and moment.tzinfo is None:
        raise Fault(name, f"the file does not say what its time zone {zone[:64]} is.")
    try:
        validate_day(moment.date() if isinstance(moment, datetime) else moment)
    except ValidationError as error:
        raise Fault(name, " ".join(error.messages)) from error
    return moment


def _with_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


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
