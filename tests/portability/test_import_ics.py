"""`import_ics`: what a calendar says becomes tasks; a fault leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Priority, Status, Task
from todo_project.portability.calendar_file import MOST_BYTES
from todo_project.portability.importing import CALENDAR, import_file

pytestmark = pytest.mark.django_db

Import = Callable[..., str]


@pytest.fixture
def import_ics(tmp_path: Path, alice: User) -> Import:
    """Import a file for alice; the answer is the report."""

    def run(content: bytes, *options: str) -> str:
        file = tmp_path / "tasks.ics"
        file.write_bytes(content)
        report = StringIO()
        call_command("import_ics", str(file), "--user", alice.email, *options, stdout=report)
        return report.getvalue()

    return run


def calendar(*entries: str) -> bytes:
    """A calendar of VTODO entries, given by their lines."""
    todos = "".join(f"BEGIN:VTODO\n{entry.strip()}\nEND:VTODO\n" for entry in entries)
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n{todos}END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


def test_an_entry_becomes_a_task_with_its_event(import_ics: Import, alice: User) -> None:
    entry = (
        "UID:1\nSUMMARY:Pay the rent\nDESCRIPTION:To the landlord\\, not the bank\n"
        "CATEGORIES:home,money\nCATEGORIES:money\\, mine\nPRIORITY:1\nSTATUS:IN-PROCESS"
    )
    report = import_ics(calendar(entry))

    task = Task.objects.get(user=alice)
    assert task.title == "Pay the rent"
    assert task.description == "To the landlord, not the bank"
    assert task.tag_names() == ["home", "money", "money, mine"]
    assert task.priority == Priority.HIGH
    assert task.status == Status.IN_PROGRESS
    event = Event.objects.get(aggregatetype="task")
    assert event.type == "task.created.v1"
    assert event.aggregateid == str(task.pk)
    assert report == "Imported 1 task of alice@example.com.\nNot imported: nothing.\n"


ODD_ZONE = """\
BEGIN:VTIMEZONE
TZID:The office
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("due", "instant", "zone"),
    [
        ("DUE;TZID=America/New_York:20260301T090000", "2026-03-01T14:00Z", "America/New_York"),
        ("DUE:20260301T090000Z", "2026-03-01T09:00Z", "UTC"),
        ("DUE:20260301T090000", "2026-03-01T08:00Z", "Europe/Berlin"),
        (
            "DUE;TZID=W. Europe Standard Time:20260701T090000",
            "2026-07-01T07:00Z",
            "Europe/Berlin",
        ),
        # Only the file knows this one: the instant is right, and shown in the owner's zone.
        ("DUE;TZID=The office:20260301T090000", "2026-03-01T06:00Z", "Europe/Berlin"),
        # Skipped by the clock change: read with the offset before it.
        ("DUE:20260329T023000", "2026-03-29T01:30Z", "Europe/Berlin"),
    ],
)
def test_a_due_time_is_meant_in_its_zone(
    import_ics: Import, due: str, instant: str, zone: str
) -> None:
    file = calendar(f"SUMMARY:Call\n{due}")
    import_ics(file.replace(b"BEGIN:VTODO", ODD_ZONE.encode() + b"BEGIN:VTODO"))

    task = Task.objects.get()
    assert task.due_at == datetime.fromisoformat(instant)
    assert task.due_timezone == zone
    assert task.due_date is None


def test_a_due_date_is_all_day(import_ics: Import) -> None:
    import_ics(calendar("SUMMARY:Call\nDUE;VALUE=DATE:20260301"))

    task = Task.objects.get()
    assert task.due_date == date(2026, 3, 1)
    assert task.due_at is None


@pytest.mark.parametrize(
    ("number", "priority"),
    [(0, "medium"), (1, "high"), (4, "high"), (5, "medium"), (6, "low"), (9, "low")],
)
def test_priorities_follow_the_bands_of_the_rfc(
    import_ics: Import, number: int, priority: str
) -> None:
    import_ics(calendar(f"SUMMARY:Call\nPRIORITY:{number}"))

    assert Task.objects.get().get_priority_display() == priority


COMPLETED_AT = datetime(2026, 2, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "status", "completed_at"),
    [
        ("STATUS:COMPLETED\nCOMPLETED:20260201T100000Z", Status.COMPLETED, COMPLETED_AT),
        ("COMPLETED:20260201T100000Z", Status.COMPLETED, COMPLETED_AT),
        ("COMPLETED;TZID=Europe/Berlin:20260201T110000", Status.COMPLETED, COMPLETED_AT),
        ("STATUS:NEEDS-ACTION\nCOMPLETED:20260201T100000Z", Status.PENDING, None),
        ("STATUS:CANCELLED", Status.CANCELLED, None),
    ],
)
def test_a_completed_entry_keeps_its_time(
    import_ics: Import, lines: str, status: Status, completed_at: datetime | None
) -> None:
    import_ics(calendar(f"SUMMARY:Call\n{lines}"))

    task = Task.objects.get()
    assert task.status == status
    assert task.completed_at == completed_at


def test_rules_and_alarms_are_kept_and_the_rest_is_counted(import_ics: Import) -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:nonsense\nEND:VALARM"
    report = import_ics(
        calendar(
            f"SUMMARY:Weekly\nRRULE:FREQ=WEEKLY\n{alarm}",
            "SUMMARY:Daily\nRRULE:FREQ=DAILY\nX-MOOD:fine",
        )
    )

    assert "Kept for other programs: RRULE (2), VALARM (1)." in report
    assert "Not imported: X-MOOD (1)." in report
    weekly = Task.objects.get(title="Weekly")
    assert weekly.calendar == {
        "lines": ["RRULE:FREQ=WEEKLY"],
        "alarms": ["BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:nonsense\r\nEND:VALARM\r\n"],
    }


def test_an_entry_that_is_there_already_is_skipped(import_ics: Import) -> None:
    import_ics(calendar("UID:1\nSUMMARY:One"))
    report = import_ics(calendar("UID:1\nSUMMARY:One", "UID:2\nSUMMARY:Two", "UID:2\nSUMMARY:Two"))

    assert "Imported 1 task " in report
    assert "Skipped, being there already: 2." in report
    assert Task.objects.count() == 2


def test_a_dry_run_reports_and_keeps_nothing(import_ics: Import) -> None:
    report = import_ics(calendar("SUMMARY:Call"), "--dry-run")

    assert report.startswith("Would import 1 task ")
    assert nothing_was_written()


def test_an_import_that_nobody_listens_to_any_more_leaves_nothing(
    alice: User, now: datetime
) -> None:
    source = calendar("SUMMARY:One", "SUMMARY:Two", "SUMMARY:Three")
    steps = import_file(source=source, kind=CALENDAR, owner=alice, actor=alice, now=now)
    next(steps)
    next(steps)
    assert Task.objects.count() == 3

    steps.close()  # type: ignore[attr-defined]

    assert nothing_was_written()


FAULTS = [
    ("DUE:20260230T090000", "DUE"),
    ("DUE:00010101T000000Z", "DUE: Give a date between"),
    ("DUE;TZID=Europe/Berlin:99991231T235959", "DUE: Give a date between"),
    ("DUE:PT5M", "DUE: is neither"),
    ("DUE;TZID=Nowhere/At all:20260301T090000", "DUE: the file does not say"),
    ("DUE;VALUE=DATE:20260301\nDUE;VALUE=DATE:20260302", "DUE: is there more than once"),
    ("PRIORITY:10", "PRIORITY: 10"),
    ("PRIORITY:urgent", "PRIORITY"),
    ("STATUS:DONE", "STATUS: DONE"),
    ("COMPLETED:yesterday", "COMPLETED"),
    (f"DESCRIPTION:{'x' * 10_001}", "DESCRIPTION: Ensure"),
    (f"CATEGORIES:{'x' * 51}", "CATEGORIES: Ensure"),
    (f"CATEGORIES:{','.join(map(str, range(51)))}", "CATEGORIES: 51"),
    ("what is this", "unreadable line"),
    ("RRULE:FREQ=NEVER", "the rule: RRULE:FREQ=NEVER is no line of"),
    ("RRULE:FREQ=DAILY\nRRULE:", "the rule: RRULE: is no line of"),
    ("EXDATE:yesterday", "the rule: EXDATE:yesterday is no line of"),
    ("BEGIN:VALARM\nnothing\nEND:VALARM", "VALARM: is not the lines"),
    (f"SUMMARY;X-A={'x' * 100_000}:a", "SUMMARY: is there more than once"),
    (f"DUE;X-A={'x' * 100_000}:20260301", "the entry: has more than 100,000"),
    ("PRIORITY;VALUE=TEXT:high", "PRIORITY: high"),
    ("RECURRENCE-ID:20260301\nRECURRENCE-ID:20260302", "RECURRENCE-ID: is there more"),
    (f"RRULE:FREQ=DAILY;BYMONTHDAY={','.join(['1'] * 3000)}", "the rule: has more than"),
    ("EXDATE:20260301T090000Z\n" * 101, "the rule: has 101 parts"),
    ("BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM\n" * 101, "VALARM: has 101"),
    (f"UID:{'x' * 256}", "UID: has 256"),
]


@pytest.mark.parametrize(("lines", "told"), FAULTS, ids=[told[:40] for _, told in FAULTS])
def test_a_fault_is_told_with_its_place_and_nothing_is_kept(
    import_ics: Import, lines: str, told: str
) -> None:
    with pytest.raises(CommandError) as refused:
        import_ics(calendar("SUMMARY:Fine", f"SUMMARY:Wrong\n{lines}", "SUMMARY:Fine, too"))

    assert f"line 7, “Wrong”: {told}" in str(refused.value)
    assert nothing_was_written()


@pytest.mark.parametrize("summary", ["", "SUMMARY:\n", "SUMMARY:  \n"])
def test_an_entry_may_have_no_summary(import_ics: Import, summary: str) -> None:
    import_ics(calendar(f"{summary}PRIORITY:1"))
    assert Task.objects.get().title == "(no summary)"


def test_a_summary_that_is_too_long_is_refused_with_its_line(import_ics: Import) -> None:
    with pytest.raises(CommandError, match=r"line 4, .*: SUMMARY: "):
        import_ics(calendar(f"SUMMARY:{'x' * 501}"))


def test_every_fault_is_told_but_not_without_end(import_ics: Import) -> None:
    with pytest.raises(CommandError) as refused:
        import_ics(calendar(*["SUMMARY:Wrong\nPRIORITY:10"] * 30))

    assert str(refused.value).count("PRIORITY: 10") == 20
    assert "and 10 more entries" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not an iCalendar file"),
        (b"hello", "not an iCalendar file"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (calendar("SUMMARY:a\0b"), "line 5: there is a NUL"),
        (calendar("SUMMARY:a").replace(b"END:VTODO\r\n", b""), "line 6: there is no BEGIN:VCAL"),
        (calendar("SUMMARY:a").replace(b"END:VCALENDAR\r\n", b""), "BEGIN:VCALENDAR has no END"),
        (b"BEGIN:VTODO\r\nSUMMARY:a\r\nEND:VTODO\r\n", "line 1 is in none"),
        (calendar("SUMMARY:a") + b"SUMMARY:b\r\n", "line 8 is in none"),
        (calendar("SUMMARY:a\nBEGIN:VTODO\nSUMMARY:b\nEND:VTODO"), "line 6: an entry is inside"),
        (b"x" * (MOST_BYTES + 1), "larger than 5,242,880 bytes"),
        (calendar(*["SUMMARY:a"] * 10_001), "10,001 entries; 10,000 is the most"),
        (b"\n" * 200_001, "more than 200,000 lines"),
        (b"BEGIN:X\r\n" * 50_000 + b"END:X\r\n" * 50_000, "not an iCalendar file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_calendar_is_refused(import_ics: Import, content: bytes, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        import_ics(content)
    assert nothing_was_written()


def test_an_unknown_user_or_file_is_named(import_ics: Import, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nobody@example\.com"):
        import_ics(calendar("SUMMARY:Call"), "--user", "nobody@example.com")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_ics", str(tmp_path / "none.ics"), "--user", "alice@example.com")


def test_the_calendar_of_the_demo_can_be_imported(import_ics: Import) -> None:
    shipped = Path(__file__).parents[2] / "todo_project" / "dev" / "demo.ics"
    report = import_ics(shipped.read_bytes())

    assert "Imported 10 tasks" in report
    assert Task.objects.exclude(due_date=None).exists()
    assert Task.objects.exclude(due_at=None).values("due_timezone").distinct().count() > 1


def nothing_was_written() -> bool:
    return not Task.objects.exists() and not Event.objects.exists()
