"""The content lines of a calendar file (RFC 5545, 3.1), and the components that they make."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from todo_project.portability.refusal import ImportRefused

_LINE: Final = re.compile(
    r"""([\w.-]++)[ \t]*+ ((?: ; (?: [^":;] | "[^"]*+" )*+ )*+) : (.*+)""",
    re.ASCII | re.DOTALL | re.VERBOSE,
)


class Line(NamedTuple):
    number: int
    text: str  # unfolded


class Property(NamedTuple):
    name: str  # in capitals
    parameters: str  # with the semicolon before each
    value: str

    def __str__(self) -> str:
        return f"{self.name}{self.parameters}:{self.value}"


@dataclass(frozen=True, slots=True)
class Component:
    name: str  # in capitals
    line: int  # the number of its BEGIN
    lines: list[Line] = field(default_factory=list)  # to its END, of what is inside of it too


def unfolded(text: str) -> Iterator[Line]:
    """The lines that are not empty, numbered from 1."""
    first, pieces = 0, [""]
    for number, piece in enumerate(text.split("\n"), start=1):
        said = piece.removesuffix("\r")
        if said.startswith((" ", "\t")):
            pieces.append(said[1:])
        elif said:
            if first:
                yield Line(first, "".join(pieces))
            first, pieces = number, [said]
    if first:
        yield Line(first, "".join(pieces))


def split(lines: Iterable[Line]) -> tuple[list[Line], list[Component]]:
    """The lines that are in no component, and the components, each whole.

    Raises ImportRefused where an END is not that of the last BEGIN.
    """
    own: list[Line] = []
    components: list[Component] = []
    open_: list[str] = []
    for line in lines:
        verb, name = _bracket(line.text)
        if verb == "END" and (not open_ or open_.pop() != name):
            raise _incomplete(f"line {line.number}: there is no BEGIN:{name[:60]} to end")
        if verb == "BEGIN" and not open_:
            components.append(Component(name, line.number))
        elif open_:
            components[-1].lines.append(line)
        elif not verb:
            own.append(line)
        if verb == "BEGIN":
            open_.append(name)
    if open_:
        raise _incomplete(f"BEGIN:{open_[-1][:60]} has no END")
    return own, components


def property_of(text: str) -> Property | None:
    """None: it is no content line."""
    match = _LINE.fullmatch(text)
    return Property(match[1].upper(), match[2], match[3]) if match else None


def _bracket(text: str) -> tuple[str, str]:
    """BEGIN or END, and of what; two empty texts for all other lines."""
    verb, colon, name = text.partition(":")
    verb = verb.strip().upper() if len(verb) < 10 else ""
    return (verb, name.strip().upper()) if colon and verb in ("BEGIN", "END") else ("", "")


def _incomplete(where: str) -> ImportRefused:
    return ImportRefused([f"This is not an iCalendar file with a complete VCALENDAR: {where}."])
