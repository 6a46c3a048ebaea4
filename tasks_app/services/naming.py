"""Tags by their names: found, or made when a task first names them."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError

from bridges.events import DomainEvent
from tasks_app.models import MOST_TAGS_A_USER, Tag
from tasks_app.tag_events import TagCreated

_FIND: Final = """
SELECT * FROM tasks_app_tag WHERE user_id = %s AND name = ANY(%s) ORDER BY id FOR SHARE
"""
_ADD: Final = """
INSERT INTO tasks_app_tag (user_id, name, color, version, created_at, updated_at)
SELECT %s, unnest(%s::text[]), '', 1, %s, %s
ON CONFLICT (user_id, name) DO NOTHING RETURNING *
"""


def ensure_tags(
    *, user_id: UUID, names: Collection[str], now: datetime
) -> tuple[dict[str, Tag], list[DomainEvent]]:
    """The user's tags of these names, those made just now with their events, still to record.

    They stay as they are until the transaction ends: nobody renames or deletes one meanwhile.
    Raises ValidationError, naming `tags`, for more tags than a user may have.
    """
    found = _found(user_id, names)
    events: list[DomainEvent] = []
    while missing := sorted(set(names) - found.keys()):
        check_room(user_id, new=len(missing), field="tags")
        # In order: two transactions that make the same tags would wait for each other otherwise.
        added = list(Tag.objects.raw(_ADD, [user_id, missing, now, now]))
        events += [TagCreated.of(tag) for tag in added]
        found |= {tag.name: tag for tag in added}
        if len(added) < len(missing):  # somebody was quicker
            found |= _found(user_id, missing)
    return found, events


def check_room(user_id: UUID, *, new: int, field: str) -> None:
    """Raise ValidationError, naming `field`, for more tags than a user may have.

    Without a lock: requests at the same time may go beyond it by what they bring.
    """
    if Tag.objects.filter(user_id=user_id).count() + new > MOST_TAGS_A_USER:
        raise ValidationError({field: f"You may have {MOST_TAGS_A_USER:,} tags at the most."})


def _found(user_id: UUID, names: Collection[str]) -> dict[str, Tag]:
    return {tag.name: tag for tag in Tag.objects.raw(_FIND, [user_id, sorted(set(names))])}
