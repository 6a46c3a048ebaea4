"""The tasks that wear a tag, which change with it.

Whoever tags a task locks the task first and then the tag, so a change of a tag locks its tasks
before the tag itself, both in the order of their ids.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from bridges.events import DomainEvent
from tasks_app.events import TaskUpdated
from tasks_app.models import Tag, Task
from tasks_app.services.versions import check_version

_ROUNDS: Final = 20  # of looking for tasks that have just put the tag on
_LOCK: Final = 1_952_540_531  # any number that no other lock of two numbers begins with


class Busy(OperationalError):
    """So many tasks are given this tag just now that it cannot be changed: try again."""


def hold(
    tag: Tag, *others: int, version: int | None, wearers: bool = True
) -> tuple[list[Task], dict[int, Tag]]:
    """The tasks that wear `tag`; and it and `others` of its owner's, by their ids, held.

    A task that has put the tag on after the look-up would be left out: then all is let go and
    looked up again, since the tag's own lock has to come after those of its tasks.
    Raises Tag.DoesNotExist for `tag` alone, StaleVersion, Busy.
    """
    _one_change_at_a_time(tag.user_id)
    for _ in range(_ROUNDS):
        start = transaction.savepoint()
        tasks = {task.pk: task for task in _wearing(tag)} if wearers else {}
        held = _held(tag, *others)
        check_version(held[tag.pk], version)
        if not wearers or (current := _worn_by(tag)) <= tasks.keys():
            transaction.savepoint_commit(start)
            return [tasks[pk] for pk in sorted(current)] if wearers else [], held
        transaction.savepoint_rollback(start)
    raise Busy(f"Tag {tag.pk} is being put on tasks all the time.")


def retagged(
    tasks: list[Task], renamed: Callable[[set[str]], set[str]], *, now: datetime
) -> Iterator[DomainEvent]:
    """Each task is a new version of itself, with its event."""
    ids = [task.pk for task in tasks]
    Task.objects.filter(pk__in=ids).update(
        version=F("version") + 1, updated_at=Greatest("updated_at", now)
    )
    for task in tasks:
        task.touch(at=now)
        task.remember_tags(Tag(name=name) for name in renamed(set(task.tag_names())))
        yield TaskUpdated.of(task, changed=["tags"])


def _one_change_at_a_time(user_id: UUID) -> None:
    """Two renames that swap two names would each wait for the name that the other gives up."""
    with connection.cursor() as cursor:
        # Two users may have the same number by chance: they wait for each other, and no more.
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, user_id.int % 2**31])


def _wearing(tag: Tag) -> QuerySet[Task]:
    ids = Task.tags.through.objects.filter(tag=tag).values("task_id")
    return Task.objects.filter(pk__in=ids).with_tags().select_for_update().order_by("pk")


def _held(tag: Tag, *others: int) -> dict[int, Tag]:
    owned = Tag.objects.filter(user=tag.user_id, pk__in=[tag.pk, *others])
    held = {one.pk: one for one in owned.select_for_update().order_by("pk")}
    if tag.pk not in held:
        raise Tag.DoesNotExist
    return held


def _worn_by(tag: Tag) -> set[int]:
    return set(Task.tags.through.objects.filter(tag=tag).values_list("task_id", flat=True))
