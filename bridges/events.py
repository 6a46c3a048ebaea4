"""What an event is before it is written down."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened, in the past tense. Each app derives its own from this.

    `payload` is JSON (orjson writes dates, times and UUIDs) and satisfies the schema `type`.
    """

    type: ClassVar[str]
    aggregatetype: ClassVar[str]
    aggregateid: str
    user_id: UUID
    payload: dict[str, Any]
