"""Bringing in what people have elsewhere: all of a file, or nothing of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from tasks_app.models import Task
from tasks_app.services import create_tasks
from todo_project.portability import archive, calendar_file, own_file

CALENDAR: Final = "text/calendar"
JSON: Final = "application/json"
ZIP: Final = "application/zip"
LARGEST: Final = {CALENDAR: 5 * 1024 * 1024, JSON: 10 * 1024 * 1024, ZIP: 10 * 1024 * 1024}
CHUNK: Final = 500  # tasks between two signs of progress

Draft = Mapping[str, Any]


@dataclass
class Report:
    """What was made of a file: `kept` stays with its task unread, `not_understood` is left out.

    Both count by name. Skipped are those that the owner has already, by their UID.
    """

    created: int = 0
    skipped: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    not_understood: Counter[str] = field(default_factory=Counter)
    dry_run: bool = False


@dataclass(frozen=True)
class Progress:
    done: int
    total: int


def import_file(
    *,
    source: bytes,
    kind: str,
    owner: User,
    actor: User,
    now: datetime,
    dry_run: bool = False,
    keep_duplicates: bool = False,
) -> Iterator[Progress | Report]:
    """Make the tasks of a file (`kind`: a key of LARGEST) in one transaction.

    The file is read and checked at the first step, which raises ImportRefused; then come signs of
    progress, and the report at last. One who stops listening before takes everything back, as a
    dry run does after the report is made.
    """
    report = Report(dry_run=dry_run)
    with transaction.atomic():
        drafts = _read(source, kind, owner, report)
        wanted = list(_new(drafts, owner, keep_duplicates=keep_duplicates))
        report.skipped = len(drafts) - len(wanted)
        yield Progress(0, len(wanted))
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            create_tasks(owner=owner, actor=actor, now=now, drafts=part)
            report.created += len(part)
            yield Progress(report.created, len(wanted))
        if dry_run:
            transaction.set_rollback(True)
    yield report


def _read(source: bytes, kind: str, owner: User, report: Report) -> list[Draft]:
    if kind == CALENDAR:
        file = calendar_file.read(source, zone=owner.zone)
        report.kept, report.not_understood = file.kept, file.left_out
        return list(file.tasks)
    drafts: list[Draft] = []
    for content in [source] if kind == JSON else archive.task_files(BytesIO(source)):
        read, left_out = own_file.read(content)
        drafts += read
        report.not_understood += left_out
    return drafts


def _new(drafts: Iterable[Draft], owner: User, *, keep_duplicates: bool) -> Iterator[Draft]:
    """Those whose UID is not taken; with `keep_duplicates`, the others too, without their UID."""
    taken = _taken(owner)
    for draft in drafts:
        uid = draft.get("calendar_uid", "")
        if uid not in taken:
            taken |= {uid} if uid else set()
            yield draft
        elif keep_duplicates:
            yield {**draft, "calendar_uid": ""}


def _taken(owner: User) -> set[str]:
    """How files call the tasks that the owner has."""
    tasks = Task.objects.owned_by(owner)
    named = set(tasks.exclude(calendar_uid="").values_list("calendar_uid", flat=True))
    own = tasks.filter(calendar_uid="").values_list("pk", flat=True)
    return named | {f"task-{pk}@{owner.pk}" for pk in own}
