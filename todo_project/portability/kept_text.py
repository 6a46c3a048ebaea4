"""What stays with a task unread, for other programs: lines on how it recurs, and its alarms.

That it is well formed is seen to when it comes, so that an export can give it back as it is.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from todo_project.portability.content_lines import Line, property_of, split, unfolded
from todo_project.portability.refusal import ImportRefused

_DATE: Final = r"\d{8}(T\d{6}Z?)?"
_SPAN: Final = r"[+-]?P(\d+[WDHMS]|T)+"
_DATES: Final = rf"{_DATE}(,{_DATE})*"
_PERIOD: Final = rf"{_DATE}(/({_DATE}|{_SPAN}))?"
# How the values of the content lines are written (RFC 5545, 3.3); what they say is not looked at.
_VALUES: Final = {
    "RRULE": r"(?=.*FREQ=(SECOND|MINUTE|HOUR|DAI|WEEK|MONTH|YEAR)LY(;|\Z))([A-Z-]+=[^;=]+(;|\Z))+",
    "EXDATE": _DATES,
    "RDATE": rf"({_PERIOD}(,{_PERIOD})*)?",
    "DTSTART": _DATE,
    "DURATION": _SPAN,
}
KEPT: Final = {
    name: re.compile(pattern, re.ASCII | re.IGNORECASE) for name, pattern in _VALUES.items()
}
ALARM: Final = "VALARM"
MOST: Final = 100  # lines, and alarms
LONGEST: Final = 5_000  # characters
_BREAK: Final = re.compile("[\r\n\0]")
_CALENDARS: Final = frozenset({"VCALENDAR", "VTODO", ALARM})  # of which none is inside of an alarm


class NotKept(ValueError):
    """`part` is what can't stay with a task."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def kept(lines: Sequence[str], alarms: Sequence[str]) -> dict[str, Any] | None:
    """As a task has it; None for nothing. Raises NotKept."""
    for name, parts in (("lines", lines), ("alarms", alarms)):
        if len(parts) > MOST:
            raise NotKept(name, f"has {len(parts):,} parts; {MOST} is the most.")
        if any(len(part) > LONGEST for part in parts):
            raise NotKept(name, f"has more than {LONGEST:,} characters.")
    if wrong := [line for line in lines if not _is_line(line)]:
        raise NotKept("lines", f"{wrong[0][:60]} is no line of {', '.join(KEPT)}.")
    if not all(_is_alarm(alarm) for alarm in alarms):
        raise NotKept("alarms", f"is not the lines of a {ALARM} from its BEGIN to its END.")
    return {"lines": sorted(lines), "alarms": list(alarms)} if lines or alarms else None


def alarm_text(lines: Sequence[Line]) -> str:
    """Of what stands between its BEGIN and its END."""
    inner = [line.text for line in lines]
    return "\r\n".join([f"BEGIN:{ALARM}", *inner, f"END:{ALARM}", ""])


def _is_line(text: str) -> bool:
    said = property_of(text)
    if said is None or said.name not in KEPT or _BREAK.search(text):
        return False
    return KEPT[said.name].fullmatch(said.value) is not None


def _is_alarm(text: str) -> bool:
    lines = list(unfolded(text))
    try:
        own, components = split(lines)
    except ImportRefused:
        return False
    if own or [component.name for component in components] != [ALARM]:
        return False
    return all(_is_of_alarm(line.text) for line in components[0].lines)


def _is_of_alarm(text: str) -> bool:
    said = property_of(text)
    if said is None or _BREAK.search(text):
        return False
    if said.name not in ("BEGIN", "END"):
        return True
    return not said.parameters and said.value.strip().upper() not in _CALENDARS
