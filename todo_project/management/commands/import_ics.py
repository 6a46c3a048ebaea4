import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from todo_project.management.accounts import user
from todo_project.portability.calendar_file import MOST_BYTES
from todo_project.portability.importing import CALENDAR, Progress, Report, import_file
from todo_project.portability.refusal import MOST_ENTRIES, ImportRefused

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

Recurrence (RRULE …) and alarms (VALARM) stay with their tasks unread, and an export gives them
back; the report counts them, and what was left out. An entry whose UID the user has is skipped.
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
        owner = user(options["user"])
        steps = import_file(
            source=_source(options["file"]),
            kind=CALENDAR,
            owner=owner,
            actor=owner,
            now=timezone.now(),
            dry_run=options["dry_run"],
        )
        say = _Saying(self.stderr.write)
        try:
            for step in steps:
                if isinstance(step, Progress):
                    say(step)
                else:
                    self.stdout.write(_told(step, owner))
        except ImportRefused as refusal:
            raise CommandError(f"Nothing was imported.\n{refusal}") from refusal


class _Saying:
    """A line every two seconds, so that a short import says nothing."""

    def __init__(self, say: Any) -> None:
        self._say = say
        self._next = time.monotonic() + 2

    def __call__(self, progress: Progress) -> None:
        if time.monotonic() >= self._next:
            self._say(f"{progress.done:,} of {progress.total:,} entries …")
            self._next = time.monotonic() + 2


def _source(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)  # one more shows that there is too much
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from error


def _told(report: Report, owner: User) -> str:
    tasks = f"{report.created:,} task{'' if report.created == 1 else 's'}"
    lines = [f"{'Would import' if report.dry_run else 'Imported'} {tasks} of {owner.email}."]
    if report.skipped:
        lines.append(f"Skipped, being there already: {report.skipped:,}.")
    if report.kept:
        lines.append(f"Kept for other programs: {_counted(report.kept)}.")
    return "\n".join([*lines, f"Not imported: {_counted(report.not_understood) or 'nothing'}."])


def _counted(names: Counter[str]) -> str:
    return ", ".join(f"{name} ({times})" for name, times in sorted(names.items()))
