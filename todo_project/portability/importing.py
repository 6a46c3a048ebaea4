"""Bringing in what people have elsewhere: all of a file, or nothing of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from accounts.models import User
from bridges import outbox
from tasks_app.models import Task
from tasks_app.services import create_tasks
from tasks_app.services.naming import ensure_tags
from todo_project.portability import archive, calendar_file, own_file
from todo_project.portability.drafts import Draft, Drafts
from todo_project.portability.refusal import ImportRefused

CALENDAR: Final = "text/calendar"
JSON: Final = "application/json"
ZIP: Final = "application/zip"
# Bytes of a body.
LARGEST: Final = {CALENDAR: calendar_file.MOST_BYTES, JSON: own_file.LARGEST, ZIP: 10 * 1024 * 1024}
MOST_TASKS: Final = 100_000  # of an archive
CHUNK: Final = 500  # tasks between two signs of progress
_LOCK: Final = 1_768_779_887  # any number that no other lock of two numbers begins with


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

    The file is read and checked at the first step, which raises ImportRefused, and
    ValidationError for more tags than a user may have; then come signs of progress, and the report
    at last. One who stops listening before takes everything back, as a dry run does after the
    report is made. Of an owner's imports each waits for the one before.
    """
    files = _files(source, kind, owner)
    report = Report(dry_run=dry_run)
    with transaction.atomic():
        _one_import_at_a_time(owner)
        total, tags = _checked(files, owner, report, keep_duplicates=keep_duplicates)
        _ensure(tags, owner=owner, actor=actor, now=now)
        yield Progress(0, total)
        for wanted in _chunks(files, owner, Report(), keep_duplicates=keep_duplicates):
            create_tasks(owner=owner, actor=actor, now=now, drafts=wanted)
            report.created += len(wanted)
            yield Progress(report.created, total)
        if dry_run:
            transaction.set_rollback(True)
    yield report


def _files(source: bytes, kind: str, owner: User) -> Iterable[Drafts]:
    """What can be gone through twice: a single file is kept in memory, an archive read anew."""
    if kind == CALENDAR:
        return [calendar_file.read(source, zone=owner.zone)]
    return [own_file.read(source)] if kind == JSON else _Unpacked(source)


class _Unpacked:
    """The files of an archive, one in memory at a time."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def __iter__(self) -> Iterator[Drafts]:
        tasks = 0
        for name, content in archive.task_files(self._source):
            try:
                drafts = own_file.read(content)
            except ImportRefused as refusal:
                raise ImportRefused([f"{name}: {fault}" for fault in refusal.faults]) from refusal
            tasks += len(drafts.tasks)
            if tasks > MOST_TASKS:
                raise ImportRefused([f"The archive has more than {MOST_TASKS:,} tasks."])
            yield drafts


def _one_import_at_a_time(owner: User) -> None:
    """Two of the same file would each make what the other has not committed yet."""
    with connection.cursor() as cursor:
        # Two users may have the same number by chance: they wait for each other, and no more.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, owner.pk.int % 2**31])


def _checked(
    files: Iterable[Drafts], owner: User, report: Report, *, keep_duplicates: bool
) -> tuple[int, set[str]]:
    """How many tasks are to be made, and the tags of them all."""
    total, tags = 0, set[str]()
    for wanted in _chunks(files, owner, report, keep_duplicates=keep_duplicates):
        total += len(wanted)
        tags.update(name for draft in wanted for name in draft.get("tags", ()))
    return total, tags


def _ensure(tags: set[str], *, owner: User, actor: User, now: datetime) -> None:
    """Lock or make them all at once: by and by, each chunk its own, would be in no order.

    Who waits for one of them while it holds another, and has what we want, is a deadlock.
    """
    if tags:
        _, made = ensure_tags(names={(owner.pk, name) for name in tags}, now=now)
        outbox.record_all(made, actor=actor, now=now)


def _chunks(
    files: Iterable[Drafts], owner: User, report: Report, *, keep_duplicates: bool
) -> Iterator[list[Draft]]:
    """The tasks to be made; the report has all but `created` at the end."""
    seen: set[str] = set()
    for file in files:
        report.kept += file.kept
        report.not_understood += file.left_out
        for start in range(0, len(file.tasks), CHUNK):
            part = file.tasks[start : start + CHUNK]
            seen |= _taken(owner, part)
            wanted = list(_new(part, seen, keep_duplicates=keep_duplicates))
            report.skipped += len(part) - len(wanted)
            yield wanted


def _new(drafts: Iterable[Draft], seen: set[str], *, keep_duplicates: bool) -> Iterator[Draft]:
    """Those whose UID is not taken; with `keep_duplicates`, the others too, without their UID."""
    for draft in drafts:
        uid = draft.get("calendar_uid", "")
        if uid not in seen:
            seen |= {uid} if uid else set()
            yield draft
        elif keep_duplicates:
            yield {**draft, "calendar_uid": ""}


def _taken(owner: User, drafts: Iterable[Draft]) -> set[str]:
    """Which of their UIDs are those of tasks that the owner has."""
    uids = {uid for draft in drafts if (uid := draft.get("calendar_uid"))}
    own = re.compile(rf"task-([1-9][0-9]{{0,17}})@{owner.pk}")
    ids = {int(match[1]): uid for uid in uids if (match := own.fullmatch(uid))}
    tasks = Task.objects.owned_by(owner)
    # Said once more, so that the index of those that have a UID serves.
    named = tasks.exclude(calendar_uid="").filter(calendar_uid__in=uids)
    unnamed = tasks.filter(calendar_uid="", pk__in=list(ids))
    return {
        *named.values_list("calendar_uid", flat=True),
        *(ids[pk] for pk in unnamed.values_list("pk", flat=True)),
    }
