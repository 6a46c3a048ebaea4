"""Taking everything along: one archive with all that the platform knows of a user."""

import contextlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, NamedTuple

import orjson
from django.db import connection, models, transaction

from accounts.models import ExternalIdentity, User
from bridges.models import Event
from notifications_app.models import Notification, Reminder
from recurrence_app.models import RecurringTask
from tasks_app.models import Tag, Task
from todo_project.portability import calendar_writer, own_file
from todo_project.portability.refusal import MOST_ENTRIES

CHUNK: Final = 1000  # rows read at a time
IN_MEMORY: Final = 4 * 1024 * 1024  # bytes; a larger archive is spooled to the disk


class Section(NamedTuple):
    """A file of rows, one JSON object a line, without the columns that are nobody's business."""

    model: type[models.Model]
    hidden: frozenset[str] = frozenset()


SECTIONS: Final = {
    "tags.ndjson": Section(Tag),
    "recurring-tasks.ndjson": Section(RecurringTask),
    "reminders.ndjson": Section(Reminder),
    "notifications.ndjson": Section(Notification),
    "identities.ndjson": Section(ExternalIdentity),
    "events.ndjson": Section(Event, frozenset({"actor_id", "trace_context", "held"})),
}
ACCOUNT_HIDDEN: Final = frozenset({"password", "is_superuser", "is_staff"})
README: Final = """\
All that the platform knows of you. tasks-0001.json and what follows it are what an import takes;
tasks.ics is for other programs; the other files have a JSON object on each line.
"""


def archive(user: User, *, now: datetime) -> IO[bytes]:
    """A zip file of everything at one moment, for the caller to close.

    It is written before the first byte is sent: a slow reader would hold the snapshot of the
    database open otherwise, and keep its old rows from being cleaned away.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    with _snapshot(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        _write(target, user, now)
    file.seek(0)
    return file


def calendar(user: User) -> Iterator[bytes]:
    """Their tasks as a calendar file, part by part."""
    return calendar_writer.calendar(_tasks(user))


def own_json(user: User) -> Iterator[bytes]:
    """Their tasks as our JSON, part by part, in one file, whose size an import may not take."""
    yield own_file.HEAD
    for number, task in enumerate(_tasks(user)):
        yield (b"," if number else b"") + own_file.entry(task)
    yield own_file.TAIL


_UTC: Final = orjson.OPT_UTC_Z


@contextlib.contextmanager
def _snapshot() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write(target: zipfile.ZipFile, user: User, now: datetime) -> None:
    counts = {"tasks": _write_tasks(target, user)}
    with target.open("tasks.ics", "w") as member:
        for part in calendar(user):
            member.write(part)
    for name, section in SECTIONS.items():
        with target.open(name, "w") as member:
            counts[name] = _write_rows(member, section, user)
    target.writestr("account.json", _line(user, ACCOUNT_HIDDEN))
    manifest = {"format": own_file.FORMAT, "user_id": user.pk, "made_at": now, "rows": counts}
    target.writestr("manifest.json", orjson.dumps(manifest, option=_UTC))
    target.writestr("README.txt", README)


def _write_tasks(target: zipfile.ZipFile, user: User) -> int:
    """In files of as many tasks and bytes as one import takes; in one, if there are none."""
    entries = map(own_file.entry, _tasks(user))
    written, part, waiting = 0, 0, next(entries, None)
    while waiting is not None or not part:
        part += 1
        with target.open(f"tasks-{part:04}.json", "w") as member:
            taken, waiting = _write_file(member, waiting, entries)
        written += taken
    return written


def _write_file(
    member: IO[bytes], waiting: bytes | None, entries: Iterator[bytes]
) -> tuple[int, bytes | None]:
    """How many were written, and the one that has no room any more."""
    taken = 0
    room = own_file.LARGEST - member.write(own_file.HEAD) - len(own_file.TAIL)
    while waiting is not None and (not taken or (taken < MOST_ENTRIES and len(waiting) < room)):
        room -= member.write(b"," + waiting if taken else waiting)
        taken, waiting = taken + 1, next(entries, None)
    member.write(own_file.TAIL)
    return taken, waiting


def _write_rows(member: IO[bytes], section: Section, user: User) -> int:
    rows = 0
    for row in _chunked(section.model._default_manager.filter(user_id=user.pk)):
        member.write(_line(row, section.hidden) + b"\n")
        rows += 1
    return rows


def _tasks(user: User) -> Iterator[Task]:
    return _chunked(Task.objects.owned_by(user).with_tag_names())


def _chunked(rows: models.QuerySet[Any]) -> Iterator[Any]:
    """Row after row by primary key, CHUNK in memory: server-side cursors stand no pooler."""
    last: Any = None
    while True:
        found: Iterable[Any] = rows if last is None else rows.filter(pk__gt=last)
        part = list(found.order_by("pk")[:CHUNK])  # type: ignore[attr-defined]
        yield from part
        if len(part) < CHUNK:
            return
        last = part[-1].pk


def _line(row: models.Model, hidden: frozenset[str]) -> bytes:
    fields = {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.attname not in hidden
    }
    return orjson.dumps(fields, option=_UTC, default=str)
