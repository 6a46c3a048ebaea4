"""Everything that can be done to tags: rows, the tasks that wear them, and events together.

All but creation raise Tag.DoesNotExist when the tag is gone, StaleVersion when it is another
than `version`, and Busy.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from bridges import outbox
from tasks_app.models import Tag, Task
from tasks_app.services.naming import check_room
from tasks_app.services.wearers import hold, tell
from tasks_app.tag_events import TagCreated, TagDeleted, TagMerged, TagUpdated


@transaction.atomic
def create_tag(*, owner: User, actor: User, now: datetime, name: str, color: str = "") -> Tag:
    """Raises ValidationError, naming `name`, when the owner has this tag or too many."""
    check_room({owner.pk: 1}, field="name")
    tag = Tag(user=owner, name=name, color=color, created_at=now, updated_at=now)
    _save(tag, new=True)
    outbox.record(TagCreated.of(tag), actor=actor, now=now)
    return tag


@transaction.atomic
def update_tag(
    *, tag: Tag, actor: User, now: datetime, changes: Mapping[str, Any], version: int | None = None
) -> Tag:
    """Set `name` and `color` as in `changes`. A new name is a change of every task that wears it.

    Raises ValidationError, naming `name`, when the owner has another tag of the new name.
    """
    worn_by, held = hold(tag, version=version, wearers="name" in changes)
    tag = held[tag.pk]
    changed = {name for name, value in changes.items() if getattr(tag, name) != value}
    if not changed:
        return tag
    for name in changed:
        setattr(tag, name, changes[name])
    tag.version += 1
    tag.updated_at = max(now, tag.updated_at)
    _save(tag, new=False)
    outbox.record(TagUpdated.of(tag, changed=changed), actor=actor, now=now)
    if "name" in changed:
        tell(worn_by, actor=actor, now=now)
    return tag


@transaction.atomic
def delete_tag(*, tag: Tag, actor: User, now: datetime, version: int | None = None) -> None:
    """Take the tag off every task, and remove it."""
    worn_by, held = hold(tag, version=version)
    outbox.record(TagDeleted.of(held[tag.pk]), actor=actor, now=now)
    held[tag.pk].delete()
    tell(worn_by, actor=actor, now=now)


@transaction.atomic
def merge_tags(
    *, tag: Tag, into: int, actor: User, now: datetime, version: int | None = None
) -> Tag:
    """Every task that wears `tag` wears the tag `into` (its id) in its place; `tag` is gone.

    Returns the tag that stays. Raises ValidationError, naming `into`, unless that is another tag
    of the same owner.
    """
    if into == tag.pk:
        raise ValidationError({"into": "A tag can't be merged into itself."})
    worn_by, held = hold(tag, into, version=version)
    if into not in held:
        raise ValidationError({"into": "You have no such tag."})
    tag, stays = held[tag.pk], held[into]
    merged = TagMerged.of(tag, into_tag_id=stays.pk, into_name=stays.name)
    outbox.record(merged, actor=actor, now=now)
    worn = Task.tags.through.objects
    both = worn.filter(tag=stays).values("task_id")
    worn.filter(tag=tag).exclude(task__in=both).update(tag=stays)
    tag.delete()
    tell(worn_by, actor=actor, now=now)
    return stays


def _save(tag: Tag, *, new: bool) -> None:
    try:
        with transaction.atomic():
            tag.save(force_insert=new, force_update=not new)
    except IntegrityError as fault:
        raise ValidationError({"name": f"You have a tag “{tag.name}” already."}) from fault
