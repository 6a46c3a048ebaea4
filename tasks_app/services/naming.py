"""Tags by their names: found, or made when a task first names them."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count

from bridges.events import DomainEvent
from tasks_app.models import MOST_TAGS_A_USER, Tag
from tasks_app.tag_events import TagCreated

Name = tuple[UUID, str]  # whose, and how it is called

_FIND: Final = """
SELECT tag.* FROM tasks_app_tag AS tag
JOIN unnest(%s::uuid[], %s::text[]) AS wanted (user_id, name)
  ON tag.user_id = wanted.user_id AND tag.name = wanted.name
ORDER BY tag.id FOR SHARE OF tag
"""
_ADD: Final = """
INSERT INTO tasks_app_tag (user_id, name, color, version, created_at, updated_at)
SELECT *, '', 1, %s, %s FROM unnest(%s::uuid[], %s::text[])
ON CONFLICT (user_id, name) DO NOTHING RETURNING *
"""


def ensure_tags(
    *, names: Collection[Name], now: datetime
) -> tuple[dict[Name, Tag], list[DomainEvent]]:
    """Users' tags of these names, those made just now with their events, still to record.

    They stay as they are until the transaction ends: nobody renames or deletes one meanwhile.
    Raises ValidationError, naming `tags`, for more tags than a user may have.
    """
    found = _found(names)
    events: list[DomainEvent] = []
    while missing := sorted(set(names) - found.keys()):
        check_room(Counter(user_id for user_id, _ in missing), field="tags")
        # In order: two transactions that make the same tags would wait for each other otherwise.
        added = list(Tag.objects.raw(_ADD, [now, now, *_columns(missing)]))
        events += [TagCreated.of(tag) for tag in added]
        found |= {(tag.user_id, tag.name): tag for tag in added}
        if len(added) < len(missing):  # somebody was quicker
            found |= _found(missing)
    return found, events


def check_room(new: Mapping[UUID, int], *, field: str) -> None:
    """Raise ValidationError, naming `field`, for more tags than a user may have.

    Without a lock: requests at the same time may go beyond it by what they bring.
    """
    tags = Tag.objects.filter(user__in=new).order_by().values_list("user")
    present = dict(tags.annotate(number=Count("pk")))
    if any(present.get(user_id, 0) + more > MOST_TAGS_A_USER for user_id, more in new.items()):
        raise ValidationError({field: f"You may have {MOST_TAGS_A_USER:,} tags at the most."})


def _found(names: Collection[Name]) -> dict[Name, Tag]:
    tags = Tag.objects.raw(_FIND, _columns(sorted(set(names))))
    return {(tag.user_id, tag.name): tag for tag in tags}


def _columns(names: Collection[Name]) -> list[list[Any]]:
    return [[user_id for user_id, _ in names], [name for _, name in names]]
