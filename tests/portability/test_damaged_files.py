"""Files that are damaged are refused by name, however they are damaged."""

import io
import json
import random
import struct
import zipfile
from zoneinfo import ZoneInfo

import pytest

from tests.portability.test_import_ics import calendar
from todo_project.portability import archive, calendar_file, importing, own_file
from todo_project.portability.own_file import FORMAT
from todo_project.portability.refusal import ImportRefused

HEAD = f'{{"format":"{FORMAT}","tasks":['


def packed(*contents: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as target:
        for number, content in enumerate(contents, start=1):
            target.writestr(f"tasks-{number:04}.json", content)
        target.writestr("ü.txt", "x" * 50)
    return whole.getvalue()


def read_archive(source: bytes) -> int:
    return sum(len(drafts.tasks) for drafts in importing._Unpacked(source))


def read_json(source: bytes) -> int:
    return len(own_file.read(source).tasks)


def read_calendar(source: bytes) -> int:
    return len(calendar_file.read(source, zone=ZoneInfo("Europe/Berlin")).tasks)


def test_an_archive_has_so_many_tasks_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_TASKS", 3)
    two = HEAD + '{"title":"a"},{"title":"b"}]}'

    assert read_archive(packed(two)) == 2
    with pytest.raises(ImportRefused, match="more than 3 tasks"):
        read_archive(packed(two, two))


def test_an_archive_has_so_many_bytes_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000)
    long = HEAD + " " * 500 + "]}"

    assert read_archive(packed(long)) == 0
    with pytest.raises(ImportRefused, match="more than 1,000 bytes unpacked"):
        read_archive(packed(long, long))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_is_packed_by_deflate_or_not_at_all(method: int) -> None:
    assert read_archive(packed(HEAD + "]}", method=zipfile.ZIP_STORED)) == 0
    with pytest.raises(ImportRefused, match=r"tasks-0001\.json is packed by another method"):
        read_archive(packed(HEAD + "]}", method=method))


def test_an_archive_has_each_name_once() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as target:
        target.writestr("tasks-0001.json", HEAD + "]}")
        with pytest.warns(UserWarning, match="Duplicate"):
            target.writestr("tasks-0001.json", HEAD + "]}")
    with pytest.raises(ImportRefused, match="two files of one name"):
        read_archive(whole.getvalue())


def test_an_archive_that_lies_about_its_places_is_refused() -> None:
    """zipfile would seek to before its beginning."""
    whole = bytearray(packed(HEAD + "]}"))
    directory = whole.rindex(b"PK\5\6")
    whole[directory + 16 : directory + 20] = struct.pack("<I", 2**31)
    with pytest.raises(ImportRefused, match="can't be read"):
        read_archive(bytes(whole))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_no_damage_of_an_archive_is_our_fault(method: int) -> None:
    chance, whole = random.Random(method), packed(HEAD + '{"title":"a"}]}', method=method)  # noqa: S311
    for _ in range(2_000):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 1, 2, 4))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            list(archive.task_files(bytes(damaged)))
        except ImportRefused:
            continue


ENTRY = """\
UID:1
SUMMARY;LANGUAGE=en:a b
DESCRIPTION:d\\nx
DTSTART;TZID=Own/Zone:20300101T090000
DUE;TZID=Own/Zone:20300101T100000
RECURRENCE-ID;VALUE=DATE:20300101
RRULE:FREQ=YEARLY;COUNT=3;BYDAY=MO
RDATE;VALUE=PERIOD:20300101T090000Z/PT1H
PRIORITY:3
CATEGORIES:a,b
STATUS:COMPLETED
COMPLETED:20300101T090000Z
BEGIN:VALARM
TRIGGER;RELATED=END:-PT15M
END:VALARM"""
ZONE = """\
BEGIN:VTIMEZONE
TZID:Own/Zone
BEGIN:STANDARD
DTSTART:20201101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
"""
VALUES = """\
|99999999999999999999|-1|20300101|20300101T250000|00010101T000000|99991231T235959Z|PT1H
|P99999999999D|FREQ=DAILY|TRUE|"|\\|a;b,c|+9999|-2400|é|=:;,|BEGIN:VTODO|END:VTODO|MAX|nan|0.5
|20300101T090000Z/20300101T080000Z|00000101""".replace("\n", "").split("|")
PARAMETERS = """\
;VALUE=DATE|;VALUE=DATE-TIME|;VALUE=PERIOD|;VALUE=BINARY;ENCODING=BASE64|;TZID=Nope|;TZID=|;X="
|;VALUE=DURATION|;VALUE=TEXT|;TZID=../../etc/passwd|;TZID=a,b|;VALUE=INTEGER|;VALUE=RECUR"""
LINES = (ZONE + "BEGIN:VTODO\n" + ENTRY + "\nEND:VTODO").split("\n")


def damaged(chance: random.Random) -> bytes:
    lines = list(LINES)
    for _ in range(chance.choice((1, 1, 2, 3))):
        place = chance.randrange(len(lines))
        name, _, value = lines[place].partition(":")
        match chance.randrange(5):
            case 0:
                lines[place] = f"{name}:{chance.choice(VALUES)}"
            case 1:
                parameters = chance.choice(PARAMETERS.replace("\n", "").split("|"))
                said = chance.choice([value, *VALUES])
                lines[place] = f"{name.partition(';')[0]}{parameters}:{said}"
            case 2:
                lines.insert(place, chance.choice(lines))
            case 3 if len(lines) > 1:
                del lines[place]
            case _:
                letters = list(lines[place] or " ")
                letters[chance.randrange(len(letters))] = chr(chance.randrange(1, 256))
                lines[place] = "".join(letters)
    return "\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


def test_no_damage_of_a_calendar_is_our_fault() -> None:
    chance, read = random.Random(1), 0  # noqa: S311
    for _ in range(3_000):
        try:
            read += read_calendar(damaged(chance))
        except ImportRefused:
            continue
    assert read > 300


DAMAGED = [
    "BEGIN:X\nTZID:Own/Zone\nEND:VTIMEZONE",
    "RECURRENCE-ID:20260301\nRECURRENCE-ID:20260302",
    "RECURRENCE-ID;VALUE=PERIOD:20300101T090000Z/20300101T080000Z\nRECURRENCE-ID:1",
    "PRIORITY;VALUE=TEXT:MAX",
    "PRIORITY;VALUE=DATE:20300101",
    "DUE;TZID=a,b:20300101T090000",
]


@pytest.mark.parametrize("lines", DAMAGED)
def test_what_no_parser_expects_is_refused(lines: str) -> None:
    with pytest.raises(ImportRefused):
        read_calendar(calendar(f"SUMMARY:a\n{lines}"))


def test_json_may_have_its_members_in_any_order() -> None:
    tasks = json.dumps({"title": 'a, [b] {c} "tasks":[ \\'}, indent=2)

    other = f' {{ "tasks" : [ {tasks} , {tasks} ] , "format" : "{FORMAT}" }} '
    assert read_json(other.encode()) == 2
    assert read_json(f'{{"x":{{"tasks":[1]}},"format":"{FORMAT}","tasks":[ ]}}'.encode()) == 0
    for wrong in ("[,]", "[{}},{]", "[1]]", '["a]', '[],"tasks":[1]', "{}", '"a"'):
        with pytest.raises(ImportRefused):
            read_json(f'{{"format":"{FORMAT}","tasks":{wrong}}}'.encode())
