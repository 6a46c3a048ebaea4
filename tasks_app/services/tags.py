"""Everything that can be done to tags: rows, the tasks that wear them, and events together.

Locks are taken in one order everywhere, tasks by id before tags by id, so that nobody waits for
somebody who waits.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, QuerySet

from accounts.models import User
from bridges import outbox
from bridges.events import DomainEvent
from tasks_app.events import TaskUpdated
from tasks_app.models import Tag, Task
from tasks_app.services.versions import check_version
from tasks_app.tag_events import TagCreated, TagDeleted, TagMerged, TagUpdated

_ROUNDS: Final = 20  # of looking for tasks that have just put the tag on

_FIND = """
SELECT * FROM tasks_app_tag WHERE user_id = %s AND name = ANY(%s) ORDER BY id FOR SHARE
"""
_ADD = """
INSERT INTO tasks_app_tag (user_id, name, color, version, created_at, updated_at)
SELECT %s, unnest(%s::text[]), '', 1, %s, %s
ON CONFLICT (user_id, name) DO NOTHING RETURNING *
"""


class Busy(OperationalError):
    """So many tasks are given this tag just now that it cannot be changed: try again."""


def ensure_tags(
    *, user_id: UUID, names: Collection[str], now: datetime
) -> tuple[dict[str, Tag], list[DomainEvent]]:
    """The user's tags of these names, those made just now with their events, still to record.

    They stay as they are until the transaction ends: nobody renames or deletes one meanwhile.
    """
    found = _found(user_id, names)
    events: list[DomainEvent] = []
    while missing := sorted(set(names) - found.keys()):
        # In order: two transactions that make the same tags would wait for each other otherwise.
        added = list(Tag.objects.raw(_ADD, [user_id, missing, now, now]))
        events += [TagCreated.of(tag) for tag in added]
        found |= {tag.name: tag for tag in added}
        if len(added) < len(missing):  # somebody was quicker
            found |= _found(user_id, missing)
    return found, events


def _found(user_id: UUID, names: Collection[str]) -> dict[str, Tag]:
    return {tag.name: tag for tag in Tag.objects.raw(_FIND, [user_id, sorted(set(names))])}


@transaction.atomic
def create_tag(*, owner: User, actor: User, now: datetime, name: str, color: str = "") -> Tag:
    """Raises ValidationError, naming `name`, when the owner has this tag."""
    tag = Tag(user=owner, name=name, color=color, created_at=now, updated_at=now)
    _save(tag, force_insert=True)
    outbox.record(TagCreated.of(tag), actor=actor, now=now)
    return tag


@transaction.atomic
def update_tag(
    *, tag: Tag, actor: User, now: datetime, changes: Mapping[str, Any], version: int | None = None
) -> Tag:
    """Set `name` and `color` as in `changes`. A new name is a change of every task that wears it.

    Raises Tag.DoesNotExist, StaleVersion, Busy, and ValidationError for a name that is taken.
    """
    tasks, (tag,) = _locked([tag], version, wearers="name" in changes)
    changed = sorted(name for name, value in changes.items() if getattr(tag, name) != value)
    if not changed:
        return tag
    was = tag.name
    for name in changed:
        setattr(tag, name, changes[name])
    tag.version += 1
    tag.updated_at = now
    _save(tag, force_update=True)
    events: list[DomainEvent] = [TagUpdated.of(tag, changed=changed)]
    if tag.name != was:
        events += _retagged(tasks, lambda names: names - {was} | {tag.name}, now=now)
    outbox.record_all(events, actor=actor, now=now)
    return tag


@transaction.atomic
def delete_tag(*, tag: Tag, actor: User, now: datetime, version: int | None = None) -> None:
    """Take the tag off every task. Raises Tag.DoesNotExist, StaleVersion, Busy."""
    tasks, (tag,) = _locked([tag], version)
    events: list[DomainEvent] = [TagDeleted.of(tag)]
    events += _retagged(tasks, lambda names: names - {tag.name}, now=now)
    outbox.record_all(events, actor=actor, now=now)
    tag.delete()


@transaction.atomic
def merge_tags(
    *, tag: Tag, into: Tag, actor: User, now: datetime, version: int | None = None
) -> Tag:
    """Every task that wears `tag` wears `into` in its place, and `tag` is gone.

    Raises ValidationError, naming `into`, for a tag and itself, and as `delete_tag`.
    """
    if tag.pk == into.pk:
        raise ValidationError({"into": "A tag can't be merged into itself."})
    tasks, (tag, into) = _locked([tag, into], version)
    events: list[DomainEvent] = [TagMerged.of(tag, into_tag_id=into.pk, into_name=into.name)]
    events += _retagged(tasks, lambda names: names - {tag.name} | {into.name}, now=now)
    worn = Task.tags.through.objects
    rows = [Task.tags.through(task_id=task.pk, tag_id=into.pk) for task in tasks]
    worn.bulk_create(rows, ignore_conflicts=True)
    outbox.record_all(events, actor=actor, now=now)
    tag.delete()
    return into


def _locked(
    tags: list[Tag], version: int | None, *, wearers: bool = True
) -> tuple[list[Task], list[Tag]]:
    """The tasks that wear the first of `tags`, and `tags`, as they are now and held.

    A task that has put the tag on after the look-up would be left out: then all is let go and
    looked up again, since the tag's own lock has to come after those of its tasks.
    """
    for _ in range(_ROUNDS):
        start = transaction.savepoint()
        tasks = {task.pk: task for task in _wearing(tags[0])} if wearers else {}
        held = Tag.objects.select_for_update().order_by("pk").in_bulk([tag.pk for tag in tags])
        if len(held) < len(tags):
            raise Tag.DoesNotExist
        check_version(held[tags[0].pk], version)
        worn_by = Task.tags.through.objects.filter(tag=tags[0]).values_list("task_id", flat=True)
        current = set(worn_by) if wearers else set()
        if current <= tasks.keys():
            transaction.savepoint_commit(start)
            return [tasks[pk] for pk in sorted(current)], [held[tag.pk] for tag in tags]
        transaction.savepoint_rollback(start)
    raise Busy(f"Tag {tags[0].pk} is being put on tasks all the time.")


def _wearing(tag: Tag) -> QuerySet[Task]:
    ids = Task.tags.through.objects.filter(tag=tag).values("task_id")
    return Task.objects.filter(pk__in=ids).with_tags().select_for_update().order_by("pk")


def _retagged(
    tasks: list[Task], renamed: Callable[[set[str]], set[str]], *, now: datetime
) -> Iterator[DomainEvent]:
    """Each task is a new version of itself, with its event."""
    ids = [task.pk for task in tasks]
    Task.objects.filter(pk__in=ids).update(version=F("version") + 1, updated_at=now)
    for task in tasks:
        task.touch(at=now)
        task.remember_tags(Tag(name=name) for name in renamed(set(task.tag_names())))
        yield TaskUpdated.of(task, changed=["tags"])


def _save(tag: Tag, **how: bool) -> None:
    try:
        with transaction.atomic():
            tag.save(**how)
    except IntegrityError as fault:
        raise ValidationError({"name": f"You have a tag “{tag.name}” already."}) from fault
