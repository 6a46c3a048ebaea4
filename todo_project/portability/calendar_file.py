"""A calendar file (iCalendar, RFC 5545): the tasks in its VTODO entries, or what is wrong in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Component, ComponentFactory, Todo, TypesFactory
from icalendar.parser.ical.component import ComponentIcalParser

from todo_project.portability import calendar_entry
from todo_project.portability.refusal import MOST_ENTRIES, ImportRefused, told

MOST_BYTES: Final = 5 * 1024 * 1024

_BOOKKEEPING: Final = {"DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "RECURRENCE-ID"}


@dataclass(frozen=True)
class CalendarFile:
    """`tasks` are fields as `create_task` takes them.

    `kept` counts the rules and alarms that stay with them, `left_out` what has no place there.
    """

    tasks: list[dict[str, Any]]
    kept: Counter[str]
    left_out: Counter[str]


def read(source: bytes, *, zone: ZoneInfo) -> CalendarFile:
    """Read a whole file; times that name no zone are in `zone`. Raises ImportRefused."""
    text = _decoded(source)
    lines = _entry_lines(text)
    if len(lines) > MOST_ENTRIES:
        raise ImportRefused([f"The file has {len(lines):,} entries; {MOST_ENTRIES:,} is the most."])
    components = _parsed(text)
    entries = list(_entries(components))
    if len(entries) != len(lines):
        raise ImportRefused(["Not each BEGIN:VTODO has its END inside of a VCALENDAR."])
    return CalendarFile(_tasks(lines, entries, zone), *_besides(components))


def _decoded(source: bytes) -> str:
    if len(source) > MOST_BYTES:
        raise ImportRefused([f"The file is larger than {MOST_BYTES:,} bytes."])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused([f"The file is not UTF-8, from byte {error.start} on."]) from error
    before, nul, _ = text.partition("\0")
    if nul:
        raise ImportRefused([f"line {before.count(chr(10)) + 1}: there is a NUL character."])
    return text


def _entry_lines(text: str) -> list[int]:
    return [
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if line.rstrip().upper() == "BEGIN:VTODO"
    ]


class _Todo(Todo):
    ignore_exceptions = True  # a fault is kept in `errors`, to be told with all the others


class _Alarm(Alarm):
    ignore_exceptions = True


class _Parser(ComponentIcalParser):
    # In UTC by the RFC, but there are programs that write it with a zone.
    datetime_names = (*ComponentIcalParser.datetime_names, "COMPLETED")


def _parsed(text: str) -> list[Component]:
    """What stands directly in the file's calendars."""
    known = ComponentFactory()
    known.add_component_class(_Todo)
    known.add_component_class(_Alarm)
    try:
        calendars = _Parser(text, known, TypesFactory()).parse()
    except (ValueError, TypeError, LookupError) as error:
        raise ImportRefused([f"This is not an iCalendar file: {error}"[:300]]) from error
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise ImportRefused(["This is not an iCalendar file: it has no complete VCALENDAR."])
    return [component for calendar in calendars for component in calendar.subcomponents]


def _entries(components: list[Component]) -> Iterator[Todo]:
    return (component for component in components if isinstance(component, Todo))


def _tasks(lines: list[int], entries: list[Todo], zone: ZoneInfo) -> list[dict[str, Any]]:
    tasks, faults = [], []
    for line, entry in zip(lines, entries, strict=True):
        try:
            tasks.append(calendar_entry.task(entry, zone=zone))
        except calendar_entry.Fault as fault:
            faults.append(f"line {line}, {_name(entry)}: {fault}")
    if faults:
        raise ImportRefused(told(faults))
    return tasks


def _name(entry: Todo) -> str:
    summary = entry.get("SUMMARY")
    return f"“{str(summary)[:60]}”" if summary else "without SUMMARY"


def _besides(components: list[Component]) -> tuple[Counter[str], Counter[str]]:
    """What is kept and what is left out of the entries, and of the file."""
    kept: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    known = calendar_entry.PROPERTIES | _BOOKKEEPING
    for component in components:
        if isinstance(component, Todo):
            names = [str(name) for name in component if name not in known]
            names += [str(inner.name) for inner in component.subcomponents]
            kept.update(name for name in names if name in {*calendar_entry.KEPT, "VALARM"})
            left_out.update(name for name in names if name not in {*calendar_entry.KEPT, "VALARM"})
        elif component.name != "VTIMEZONE":
            left_out[str(component.name)] += 1
    return kept, left_out
