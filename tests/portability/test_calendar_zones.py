"""What a calendar file says of its own time zones holds for that file, and costs little."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from todo_project.portability import calendar_file
from todo_project.portability.refusal import ImportRefused

NAME = "Customized Time Zone"
YEARLY = "RRULE:FREQ=YEARLY;BYMONTH={};BYDAY={}"


def observance(kind: str, before: str, after: str, *lines: str, start: str = "19700101") -> str:
    more = "".join(f"{line}\n" for line in lines)
    return (
        f"BEGIN:{kind}\nDTSTART:{start}T020000\nTZOFFSETFROM:{before}\nTZOFFSETTO:{after}\n"
        f"{more}END:{kind}\n"
    )


def zone(*observances: str, name: str = NAME) -> str:
    return f"BEGIN:VTIMEZONE\nTZID:{name}\n{''.join(observances)}END:VTIMEZONE\n"


def calendar(*parts: str, due: str = "20300101T120000", name: str = NAME) -> bytes:
    entry = f"BEGIN:VTODO\nSUMMARY:a\nDUE;TZID={name}:{due}\nEND:VTODO\n"
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{''.join(parts)}{entry}END:VCALENDAR\n".encode()


def due(source: bytes) -> list[datetime]:
    tasks = calendar_file.read(source, zone=ZoneInfo("Europe/Berlin")).tasks
    return [task["due_at"].astimezone(UTC) for task in tasks]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def test_a_zone_is_that_of_its_own_file_alone() -> None:
    """Nor does one without it get that of another."""
    assert due(calendar(zone(observance("STANDARD", "+1000", "+1000")))) == [at("2030-01-01T02:00")]
    assert due(calendar(zone(observance("STANDARD", "-0500", "-0500")))) == [at("2030-01-01T17:00")]
    with pytest.raises(ImportRefused, match="does not say what its time zone"):
        due(calendar())


def test_a_zone_is_that_of_its_own_calendar_in_a_file_of_many() -> None:
    east = calendar(zone(observance("STANDARD", "+1000", "+1000")))
    west = calendar(zone(observance("STANDARD", "-0500", "-0500")))

    assert due(east + west) == [at("2030-01-01T02:00"), at("2030-01-01T17:00")]
    with pytest.raises(ImportRefused, match=r"line 18, .*does not say"):
        due(east + calendar())


def test_a_zone_may_stand_behind_the_entry_that_names_it() -> None:
    source = calendar() + calendar()
    described = zone(observance("STANDARD", "+1000", "+1000")).encode()

    assert len(due(source.replace(b"END:VCALENDAR", described + b"END:VCALENDAR"))) == 2


# As Outlook writes them, from 1601 on; New York's rules, and Berlin's, which end by an instant.
NEW_YORK = zone(
    observance("STANDARD", "-0400", "-0500", YEARLY.format(11, "1SU"), start="16011104"),
    observance("DAYLIGHT", "-0500", "-0400", YEARLY.format(3, "2SU"), start="16010311"),
)
ENDING = zone(
    observance("STANDARD", "+1100", "+1000", "RRULE:FREQ=YEARLY;UNTIL=20291231T150000Z"),
    observance("STANDARD", "+1000", "+0900", start="20300601"),
)
DATED = zone(
    observance("STANDARD", "-0330", "-0330", "RDATE:20310601T000000", start="20310101"),
    observance("DAYLIGHT", "-0330", "+0530", "RDATE:20310701T000000", start="20310401"),
)


@pytest.mark.parametrize(
    ("described", "wall", "instant"),
    [
        (NEW_YORK, "20300101T120000", "2030-01-01T17:00"),
        (NEW_YORK, "20300701T120000", "2030-07-01T16:00"),
        (NEW_YORK, "22000701T120000", "2200-07-01T16:00"),
        (NEW_YORK, "19000101T120000", "1900-01-01T17:00"),
        # Skipped: with the offset before. Doubled: the first.
        (NEW_YORK, "20300310T023000", "2030-03-10T07:30"),
        (NEW_YORK, "20300310T030000", "2030-03-10T07:00"),
        (NEW_YORK, "20301103T013000", "2030-11-03T05:30"),
        (NEW_YORK, "20301103T020000", "2030-11-03T07:00"),
        (ENDING, "20300101T030000", "2029-12-31T17:00"),
        (ENDING, "20300701T120000", "2030-07-01T03:00"),
        (DATED, "20300101T120000", "2030-01-01T15:30"),
        (DATED, "20320101T120000", "2032-01-01T06:30"),
    ],
)
def test_a_described_zone_is_right_on_both_sides_of_its_changes(
    described: str, wall: str, instant: str
) -> None:
    assert due(calendar(described, due=wall)) == [at(instant)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Europe/Rome", "Europe/Rome"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/America/New_York", "America/New_York"),
        ("/citadel.org/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
    ],
)
def test_a_name_that_everybody_knows_is_that_zone(name: str, key: str) -> None:
    (task,) = calendar_file.read(calendar(name=name), zone=ZoneInfo("UTC")).tasks
    assert task["due_timezone"] == key


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "America", "x" * 5000, "/" * 5000, "a,b", "/x/../Rome"]
)
def test_a_name_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(ImportRefused, match="does not say what its time zone"):
        due(calendar(name=name))


DAILY = "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"
NEVER = "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"


@pytest.mark.parametrize(
    ("described", "told"),
    [
        (zone(observance("STANDARD", "+0100", "+0100", "RRULE:FREQ=SECONDLY")), "FREQ"),
        (zone(observance("DAYLIGHT", "+0100", "+0200", "RRULE:FREQ=HOURLY")), "FREQ"),
        (zone(observance("STANDARD", "+0100", "+0100", "RRULE:FREQ=DAILY")), "once a year"),
        (zone(observance("STANDARD", "+0100", "+0100", f"{NEVER};COUNT=3")), "once a year"),
        (zone(observance("STANDARD", "+0100", "+0100", f"{DAILY};BYHOUR=1,2")), "once a year"),
        (zone(observance("STANDARD", "+0100", "+0100", DAILY)), "more than 2,000 changes"),
        (zone(*[observance("STANDARD", "+0100", "+0100", NEVER)] * 101), "has 101 parts"),
        (zone(observance("STANDARD", "+0100", "+2400")), "a day or more"),
        (zone(observance("STANDARD", "+0100", "+01")), "no offset"),
        (zone(observance("STANDARD", "+0100", "+0100", start="20301301")), "is not clear"),
        (zone(), "has 0 parts"),
    ],
)
def test_a_zone_that_is_not_simple_is_refused_at_once(described: str, told: str) -> None:
    started = time.process_time()
    with pytest.raises(ImportRefused, match=f"line .*DUE: .*{told}"):
        due(calendar(described))
    assert time.process_time() - started < 1


def test_zones_of_its_own_are_few() -> None:
    parts = [calendar(zone(observance("STANDARD", "+0100", f"+01{n:02}"))) for n in range(21)]

    assert len(due(b"".join(parts[:20]))) == 20
    assert len(due(parts[0] * 30)) == 30
    with pytest.raises(ImportRefused, match="more than 20 time zones"):
        due(b"".join(parts))
