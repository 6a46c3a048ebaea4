"""Small files that would take much memory or time are refused before they do."""

import time
import tracemalloc
from collections.abc import Callable

import pytest

from tests.portability.test_damaged_files import (
    HEAD,
    packed,
    read_archive,
    read_calendar,
    read_json,
)
from tests.portability.test_import_ics import calendar
from todo_project.portability.refusal import ImportRefused

MIB = 1024 * 1024


def filled(text: str, size: int) -> str:
    return text * (size // len(text))


COSTLY: dict[str, tuple[Callable[[bytes], int], Callable[[], bytes], str]] = {
    "an archive of nothings": (
        read_archive,
        lambda: packed(HEAD + filled("{},", 10 * MIB - 100) + "{}]}"),
        "more than 10,000 tasks",
    ),
    "a directory of very many files": (
        read_archive,
        lambda: packed(HEAD + "]}") + b"PK\1\2" * 10_001,
        "more than 10,000 files",
    ),
    "JSON of nothings": (
        read_json,
        lambda: (HEAD + filled("{},", 10 * MIB - 100) + "{}]}").encode(),
        "more than 10,000 tasks",
    ),
    "JSON of nothings in one task": (
        read_json,
        lambda: (HEAD + '{"title":[' + filled("[],", 10 * MIB - 100) + "[]]}]}").encode(),
        "more than 5,000 parts",
    ),
    "JSON of nothings beside the tasks": (
        read_json,
        lambda: ('{"x":[' + filled("[],", 10 * MIB - 100) + "[]]}").encode(),
        "Besides “tasks”",
    ),
    "JSON whose text has no end": (
        read_json,
        lambda: (HEAD + '"' + filled('\\"', 10 * MIB - 100)).encode(),
        "no end",
    ),
    "a long rule": (
        read_calendar,
        lambda: calendar("RRULE:FREQ=DAILY;BYSECOND=" + filled("1,", 5 * MIB - 500) + "1"),
        "more than 5,000 characters",
    ),
    "many properties": (
        read_calendar,
        lambda: calendar(filled("X-A:1\n", 4 * MIB)),
        "more than 200,000 lines",
    ),
    "many categories": (
        read_calendar,
        lambda: calendar("CATEGORIES:" + ",".join(map(str, range(600_000)))),
        "more than 100,000 characters",
    ),
    "many parameters": (
        read_calendar,
        lambda: calendar("DUE" + filled(";A=B", 5 * MIB - 500) + ":20300101"),
        "more than 100,000 characters",
    ),
}


@pytest.mark.parametrize("name", COSTLY)
def test_what_would_cost_much_is_refused_before(name: str) -> None:
    read, make, told = COSTLY[name]
    source = make()
    started = time.process_time()
    with pytest.raises(ImportRefused, match=told):
        read(source)
    assert time.process_time() - started < 10

    tracemalloc.start()
    try:
        with pytest.raises(ImportRefused):
            read(source)
        assert tracemalloc.get_traced_memory()[1] < 200 * MIB
    finally:
        tracemalloc.stop()
