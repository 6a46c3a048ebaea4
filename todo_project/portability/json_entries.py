"""A long list in a JSON document, read entry by entry.

A parser makes all of a document at once, and a short text can be very many values: `{},{},…` takes
thirty times its size. Here the text is only looked through for where the entries are.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

from todo_project.portability.refusal import MOST_ENTRIES, ImportRefused

LONGEST_REST: Final = 10_000  # bytes of the document without its list
MOST_PARTS: Final = 5_000  # strings, brackets and commas of an entry
# A string without an end goes to the end of the text, which is no JSON then.
_PART: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[][{},]', re.DOTALL)

_STEPS: Final = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}


def read(source: bytes, *, name: str) -> tuple[dict[str, Any], Iterator[Any]]:
    """The document, with its list `name` empty, and the entries of that one after the other.

    Raises ImportRefused, also while the entries are read.
    """
    begin = _begin(source, f'"{name}"'.encode())
    places, end = _places(source, begin) if begin else ([], 0)
    if len(source) - (end - begin) > LONGEST_REST:
        raise ImportRefused([f"Besides “{name}” there are more than {LONGEST_REST:,} bytes."])
    document = _loaded(source[:begin] + source[end:])
    if not isinstance(document, dict) or document.get(name, []) != []:
        raise ImportRefused([f"This is no object with a list “{name}”."])
    return document, (_loaded(source[first:last]) for first, last in places)


def _begin(source: bytes, key: bytes) -> int:
    """Behind the bracket of the list; 0 without one."""
    depth, last = 0, b""
    for match in _PART.finditer(source, 0, LONGEST_REST):
        part = match[0]
        if depth == 1 and part == b"[" and last == key:
            return match.end()
        depth += _STEPS.get(part, 0)
        last = part
    return 0


def _places(source: bytes, begin: int) -> tuple[list[tuple[int, int]], int]:
    """Where the entries begin and end, and where the list does."""
    places: list[tuple[int, int]] = []
    depth, first, parts = 0, begin, 0
    for match in _PART.finditer(source, begin):
        depth += _STEPS.get(match[0], 0)
        parts += 1
        if parts > MOST_PARTS:
            raise ImportRefused([f"tasks[{len(places)}] has more than {MOST_PARTS:,} parts."])
        if depth < 0 or (depth == 0 and match[0] == b","):
            places.append((first, match.start()))
            first, parts = match.end(), 0
        if depth < 0:
            empty = len(places) == 1 and not source[begin : match.start()].strip()
            return [] if empty else places, match.start()
        if len(places) == MOST_ENTRIES:
            raise ImportRefused([f"There are more than {MOST_ENTRIES:,} tasks."])
    raise ImportRefused(["This is not JSON: its list of tasks has no end."])


def _loaded(source: bytes) -> Any:
    try:
        return orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise ImportRefused([f"This is not JSON: {error}"]) from error
