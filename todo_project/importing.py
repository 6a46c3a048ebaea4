"""Bringing in what people have elsewhere."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from tasks_app.services import create_task
from todo_project import calendar_file

Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class Imported:
    """How many tasks were made, and what the file has besides: name → how often."""

    tasks: int
    left_out: Counter[str]


@transaction.atomic
def import_calendar(
    *,
    source: bytes,
    owner: User,
    actor: User,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Make a task of each VTODO of an iCalendar file: all of them, or none.

    Calls `progress(done, total)` after each. A dry run does the same and takes it back.
    Raises CalendarRefused, which names each fault.
    """
    file = calendar_file.read(source, zone=owner.zone)
    for done, fields in enumerate(file.tasks, start=1):
        create_task(owner=owner, actor=actor, now=now, **fields)
        progress(done, len(file.tasks))
    if dry_run:
        transaction.set_rollback(True)
    return Imported(tasks=len(file.tasks), left_out=file.left_out)
