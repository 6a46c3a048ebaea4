"""Tasks as VTODO entries of a calendar file (RFC 5545)."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Todo
from icalendar.parser import Contentline

from tasks_app.models import Priority, Status, Task
from todo_project.portability.own_file import uid_of

HEAD: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Task platform//EN\r\n"
TAIL: Final = b"END:VCALENDAR\r\n"
STATUSES: Final = {
    Status.PENDING: "NEEDS-ACTION",
    Status.IN_PROGRESS: "IN-PROCESS",
    Status.COMPLETED: "COMPLETED",
    Status.CANCELLED: "CANCELLED",
}
PRIORITIES: Final = {Priority.URGENT: 1, Priority.HIGH: 3, Priority.MEDIUM: 5, Priority.LOW: 9}
_BREAK: Final = re.compile("\r?\n")


def calendar(tasks: Iterable[Task]) -> Iterator[bytes]:
    yield HEAD
    for task in tasks:
        yield _entry(task)
    yield TAIL


def _entry(task: Task) -> bytes:
    todo = Todo()
    todo.add("uid", uid_of(task))
    todo.add("dtstamp", task.updated_at.astimezone(UTC))
    todo.add("created", task.created_at.astimezone(UTC))
    todo.add("last-modified", task.updated_at.astimezone(UTC))
    todo.add("summary", task.title)
    if task.description:
        todo.add("description", task.description)
    todo.add("status", STATUSES[Status(task.status)])
    todo.add("priority", PRIORITIES[Priority(task.priority)])
    if tags := task.tag_names():
        todo.add("categories", tags)
    if task.due_at:
        todo.add("due", _in_its_zone(task.due_at, task.due_timezone))
    elif task.due_date:
        todo.add("due", task.due_date)
    if task.completed_at:
        todo.add("completed", task.completed_at.astimezone(UTC))
    return _with_kept(task, todo.to_ical())


def _in_its_zone(moment: datetime, zone: str) -> datetime:
    """By its zone's name: all programs know the IANA names, no VTIMEZONE is written."""
    return moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))


def _with_kept(task: Task, entry: bytes) -> bytes:
    """What another program's file said of rules and alarms goes back as it came."""
    kept = task.calendar or {}
    texts = [*kept.get("lines", ()), *kept.get("alarms", ())]
    lines = [line for text in texts for line in _BREAK.split(text) if line]
    end = b"END:VTODO\r\n"
    return entry.removesuffix(end) + b"".join(map(_folded, lines)) + end


def _folded(line: str) -> bytes:
    content: Any = Contentline
    return bytes(content(line).to_ical()) + b"\r\n"
