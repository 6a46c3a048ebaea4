import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from todo_project.calendar_file import MOST_BYTES, MOST_ENTRIES, CalendarRefused
from todo_project.importing import Imported, import_calendar

HELP: Final = f"""\
Make tasks of the VTODO entries of a calendar file (iCalendar, RFC 5545).

All entries are imported, or none: a fault is told with its line, entry and field, and nothing is
kept. The file may have {MOST_BYTES // 1024**2} MiB and {MOST_ENTRIES:,} entries.

  SUMMARY, DESCRIPTION  title and description
  DUE                   a date is all-day; a time is in its TZID, in UTC (Z), or, if it names no
                        zone, in the user's
  PRIORITY              1 to 4 high, 5 medium, 6 to 9 low (the bands of RFC 5545); else medium
  CATEGORIES            tags
  STATUS, COMPLETED     pending, in progress, completed or cancelled; when it was completed

Recurrence (RRULE) and alarms (VALARM) are not imported; the report counts what was left out.
The same file imported twice makes its tasks twice.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, **kwargs | {"formatter_class": RawDescriptionHelpFormatter}
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="an .ics file")
        parser.add_argument("--user", required=True, metavar="EMAIL", help="whose tasks these are")
        parser.add_argument("--dry-run", action="store_true", help="report, and keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = _user(options["user"])
        try:
            imported = import_calendar(
                source=_source(options["file"]),
                owner=owner,
                actor=owner,
                now=timezone.now(),
                dry_run=options["dry_run"],
                progress=self._progress(),
            )
        except CalendarRefused as refusal:
            raise CommandError(f"Nothing was imported.\n{refusal}") from refusal
        self.stdout.write(_report(imported, owner, dry_run=options["dry_run"]))

    def _progress(self) -> "_Progress":
        return _Progress(self.stderr.write)


class _Progress:
    """A line every two seconds, so that a short import says nothing."""

    def __init__(self, say: Any) -> None:
        self._say = say
        self._next = time.monotonic() + 2

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._say(f"{done:,} of {total:,} entries …")
            self._next = time.monotonic() + 2


def _user(email: str) -> User:
    try:
        return User.objects.get(email=email.lower())
    except User.DoesNotExist:
        raise CommandError(f"No user has the address {email}.") from None


def _source(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)  # one more shows that there is too much
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from error


def _report(imported: Imported, owner: User, *, dry_run: bool) -> str:
    count = f"{imported.tasks:,} task{'' if imported.tasks == 1 else 's'}"
    done = f"{'Would import' if dry_run else 'Imported'} {count} of {owner.email}."
    left_out = (f"{name} ({times})" for name, times in sorted(imported.left_out.items()))
    return f"{done}\nNot imported: {', '.join(left_out) or 'nothing'}."
