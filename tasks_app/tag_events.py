"""What happens to tags. The tasks that wear them tell of it in their own events beside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from bridges.events import DomainEvent
from tasks_app.models import Tag


class TagEvent(DomainEvent):
    aggregatetype: ClassVar[str] = "tag"

    @classmethod
    def of(cls, tag: Tag, **more: Any) -> Self:
        return cls(aggregateid=str(tag.pk), user_id=tag.user_id, payload=_snapshot(tag) | more)


class TagCreated(TagEvent):
    type: ClassVar[str] = "tag.created.v1"


class TagUpdated(TagEvent):
    type: ClassVar[str] = "tag.updated.v1"

    @classmethod
    def of(cls, tag: Tag, *, changed: Iterable[str] = (), **more: Any) -> Self:
        return super().of(tag, changed=sorted(changed), **more)


class TagDeleted(TagEvent):
    type: ClassVar[str] = "tag.deleted.v1"


class TagMerged(TagEvent):
    """The end of a tag, whose tasks wear another from now on."""

    type: ClassVar[str] = "tag.merged.v1"


def _snapshot(tag: Tag) -> dict[str, Any]:
    return {
        "tag_id": tag.pk,
        "user_id": tag.user_id,
        "name": tag.name,
        "color": tag.color or None,
        "version": tag.version,
        "created_at": tag.created_at,
        "updated_at": tag.updated_at,
    }
