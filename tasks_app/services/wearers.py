"""The tasks that wear a tag, which change with it.

Whoever tags a task locks the task first and then the tag, so a change of a tag locks its tasks
before the tag itself, both in the order of their ids.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from accounts.models import User
from bridges import outbox
from tasks_app.events import TaskUpdated
from tasks_app.models import Tag, Task
from tasks_app.services.versions import check_version

BATCH: Final = 500  # tasks in memory, with their events
_ROUNDS: Final = 20  # of looking for tasks that have just put the tag on
_LOCK: Final = 1_952_540_531  # any number that no other lock of two numbers begins with


class Busy(OperationalError):
    """So many tasks are given this tag just now that it cannot be changed: try again."""


def hold(
    tag: Tag, *others: int, version: int | None, wearers: bool = True
) -> tuple[list[int], dict[int, Tag]]:
    """The ids of the tasks that wear `tag`; and it and `others` of its owner's, by their ids, held.

    A task that has put the tag on after the look-up would be left out: then all is let go and
    looked up again, since the tag's own lock has to come after those of its tasks.
    Raises Tag.DoesNotExist for `tag` alone, StaleVersion, Busy.
    """
    _one_change_at_a_time(tag.user_id)
    for _ in range(_ROUNDS):
        start = transaction.savepoint()
        ids = set(_wearing(tag)) if wearers else set()
        held = _held(tag, *others)
        check_version(held[tag.pk], version)
        if not wearers or (current := _worn_by(tag)) <= ids:
            transaction.savepoint_commit(start)
            return sorted(current) if wearers else [], held
        transaction.savepoint_rollback(start)
    raise Busy(f"Tag {tag.pk} is being put on tasks all the time. Try again in a moment.")


def tell(ids: Sequence[int], *, actor: User, now: datetime) -> None:
    """After the change: each of these tasks is a new version of itself, with its event."""
    for start in range(0, len(ids), BATCH):
        tasks = Task.objects.filter(pk__in=ids[start : start + BATCH])
        tasks.update(version=F("version") + 1, updated_at=Greatest("updated_at", now))
        told = [TaskUpdated.of(task, changed=["tags"]) for task in tasks.with_tags().order_by("pk")]
        outbox.record_all(told, actor=actor, now=now)


def _one_change_at_a_time(user_id: UUID) -> None:
    """Two renames that swap two names would each wait for the name that the other gives up."""
    with connection.cursor() as cursor:
        # Two users may have the same number by chance: they wait for each other, and no more.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, user_id.int % 2**31])


def _wearing(tag: Tag) -> QuerySet[Task, int]:
    ids = Task.tags.through.objects.filter(tag=tag).values("task_id")
    held = Task.objects.filter(pk__in=ids).select_for_update().order_by("pk")
    return held.values_list("pk", flat=True)


def _held(tag: Tag, *others: int) -> dict[int, Tag]:
    owned = Tag.objects.filter(user=tag.user_id, pk__in=[tag.pk, *others])
    held = {one.pk: one for one in owned.select_for_update().order_by("pk")}
    if tag.pk not in held:
        raise Tag.DoesNotExist
    return held


def _worn_by(tag: Tag) -> set[int]:
    return set(Task.tags.through.objects.filter(tag=tag).values_list("task_id", flat=True))
