"""A calendar file (iCalendar, RFC 5545): the tasks in its VTODO entries, or what is wrong in it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import ComponentFactory, Todo, TypesFactory
from icalendar.parser import Contentline
from icalendar.parser.ical.component import ComponentIcalParser

from todo_project.portability import calendar_entry
from todo_project.portability.calendar_entry import PARSED, PROPERTIES, SINGLE, Fault, Named
from todo_project.portability.content_lines import (
    Component,
    Line,
    Property,
    property_of,
    split,
    unfolded,
)
from todo_project.portability.drafts import Draft, Drafts
from todo_project.portability.kept_text import ALARM, KEPT, alarm_text
from todo_project.portability.refusal import MOST_ENTRIES, ImportRefused, reading, told
from todo_project.portability.zones import Zones

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_LINES: Final = 200_000
LONGEST_ENTRY: Final = 100_000  # characters of PROPERTIES

_BOOKKEEPING: Final = {"DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE"}
_READ: Final = {*PROPERTIES, *KEPT}
_ENTRY: Final = "VTODO"
_ZONE: Final = "VTIMEZONE"


def read(source: bytes, *, zone: ZoneInfo) -> Drafts:
    """Read a whole file; times that name no zone are in `zone`. Raises ImportRefused."""
    calendars = _calendars(_decoded(source))
    _check_entries([component for calendar in calendars for component in calendar])
    return _Reading(zone).drafts(calendars)


def _decoded(source: bytes) -> str:
    if len(source) > MOST_BYTES:
        raise ImportRefused([f"The file is larger than {MOST_BYTES:,} bytes."])
    if source.count(b"\n") > MOST_LINES:
        raise ImportRefused([f"The file has more than {MOST_LINES:,} lines."])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefused([f"The file is not UTF-8, from byte {error.start} on."]) from error
    before, nul, _ = text.partition("\0")
    if nul:
        raise ImportRefused([f"line {before.count(chr(10)) + 1}: there is a NUL character."])
    return text


def _calendars(text: str) -> list[list[Component]]:
    """What stands directly in each of the file's calendars."""
    besides, calendars = split(unfolded(text))
    others = [line.number for line in besides if not line.text.upper().startswith("X-COMMENT")]
    others += [each.line for each in calendars if each.name != "VCALENDAR"]
    if others:
        raise ImportRefused([f"This is not an iCalendar file: line {min(others)} is in none."])
    if not calendars:
        raise ImportRefused(["This is not an iCalendar file: it has no VCALENDAR."])
    return [split(calendar.lines)[1] for calendar in calendars]


def _check_entries(components: list[Component]) -> None:
    entries = sum(component.name == _ENTRY for component in components)
    if entries > MOST_ENTRIES:
        raise ImportRefused([f"The file has {entries:,} entries; {MOST_ENTRIES:,} is the most."])
    for line in (line for component in components for line in component.lines):
        if line.text.upper() == f"BEGIN:{_ENTRY}":
            raise ImportRefused([f"line {line.number}: an entry is inside of something else."])


class _Todo(Todo):
    ignore_exceptions = True  # a fault is kept in `errors`


class _Parser(ComponentIcalParser):
    datetime_names = ()  # a TZID is looked up in this file; icalendar would keep it for all others


class _Reading:
    """One file's way into tasks."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zones = Zones(zone)
        self._known, self._types = ComponentFactory(), TypesFactory()
        self._known.add_component_class(_Todo)
        self._tasks: list[Draft] = []
        self._faults: list[str] = []
        self._kept: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def drafts(self, calendars: Iterable[list[Component]]) -> Drafts:
        for calendar in calendars:
            self._zones.enter(each for each in calendar if each.name == _ZONE)
            for component in calendar:
                if component.name == _ENTRY:
                    self._add(component)
                elif component.name != _ZONE:
                    self._left_out[component.name] += 1
        if self._faults:
            raise ImportRefused(told(self._faults))
        return Drafts(self._tasks, self._kept, self._left_out)

    def _add(self, component: Component) -> None:
        own, inner = split(component.lines)
        named: Named = defaultdict(list)
        try:
            _sort(own, named)
            self._tasks.append(self._task(named, inner))
        except Fault as fault:
            self._faults.append(f"line {component.line}, {_title(named)}: {fault}")
        names = [*(named.keys() - PROPERTIES - _BOOKKEEPING), *(each.name for each in inner)]
        self._kept.update(name for name in names if name in {*KEPT, ALARM})
        self._left_out.update(name for name in names if name not in {*KEPT, ALARM})

    def _task(self, named: Named, inner: list[Component]) -> dict[str, Any]:
        _check_length(named)
        entry = self._parsed([each for name in named.keys() & PARSED for each in named[name]])
        alarms = [alarm_text(each.lines) for each in inner if each.name == ALARM]
        return calendar_entry.task(entry, named, alarms=alarms, zones=self._zones)

    def _parsed(self, properties: list[Property]) -> Todo:
        texts = [f"BEGIN:{_ENTRY}", *map(str, properties), f"END:{_ENTRY}"]
        line: Any = Contentline
        try:
            with reading("the entry"):
                parsed: Any = _Parser(list(map(line, texts)), self._known, self._types).parse()
        except ImportRefused as refusal:
            raise Fault("unreadable", refusal.faults[0]) from refusal
        entry: Todo = parsed[0]
        return entry


def _sort(lines: Iterable[Line], named: Named) -> None:
    """An entry's own lines, by name. Raises Fault for what can be no task, whatever it says."""
    for line in lines:
        said = property_of(line.text)
        if said is None:
            raise Fault("unreadable line", line.text[:60])
        if said.name in SINGLE and named[said.name]:
            raise Fault(said.name, "is there more than once.")
        named[said.name] += [said] if said.name in _READ else []


def _check_length(named: Named) -> None:
    said = (each for name in named.keys() & PROPERTIES for each in named[name])
    if sum(len(each.parameters) + len(each.value) for each in said) > LONGEST_ENTRY:
        raise Fault("the entry", f"has more than {LONGEST_ENTRY:,} characters.")


def _title(named: Named) -> str:
    summary = named["SUMMARY"][0].value if named["SUMMARY"] else ""
    return f"“{summary[:60]}”" if summary else "without SUMMARY"
