"""Which event goes to which topics: the one table of both layouts."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

# Layout 1: a topic for each stream of events. Topic → partitions.
STREAMS: Final = {"task-events": 3, "reminders": 2, "notifications": 2}

# Layout 2: a topic for each type, with an envelope of its own inside the CloudEvent.
TYPE_TOPICS: Final = {
    "task-created": 3,
    "task-updated": 3,
    "task-completed": 3,
    "task-deleted": 3,
    "recurring-task-due": 3,
}

# Event type → its stream and, where it has one, its own topic.
ROUTES: Final[dict[str, tuple[str, str | None]]] = {
    "task.created.v1": ("task-events", "task-created"),
    "task.updated.v1": ("task-events", "task-updated"),
    "task.completed.v1": ("task-events", "task-completed"),
    "task.reopened.v1": ("task-events", "task-updated"),
    "task.cancelled.v1": ("task-events", "task-updated"),
    "task.deleted.v1": ("task-events", "task-deleted"),
    "recurring-task.due.v1": ("task-events", "recurring-task-due"),
    "recurring-task.created.v1": ("task-events", None),
    "recurring-task.updated.v1": ("task-events", None),
    "recurring-task.paused.v1": ("task-events", None),
    "recurring-task.resumed.v1": ("task-events", None),
    "recurring-task.deleted.v1": ("task-events", None),
    "tag.created.v1": ("task-events", None),
    "tag.updated.v1": ("task-events", None),
    "tag.merged.v1": ("task-events", None),
    "tag.deleted.v1": ("task-events", None),
    "account.registered.v1": ("task-events", None),
    "account.updated.v1": ("task-events", None),
    "account.password-changed.v1": ("task-events", None),
    "account.erased.v1": ("task-events", None),
    "reminder.scheduled.v1": ("reminders", None),
    "reminder.cancelled.v1": ("reminders", None),
    "reminder.due.v1": ("reminders", None),
    "reminder.missed.v1": ("reminders", None),
    "notification.sent.v1": ("notifications", None),
    "notification.failed.v1": ("notifications", None),
}


@dataclass(frozen=True)
class Route:
    """One message to send: the topic, the CloudEvent's type, and whether it has an envelope."""

    topic: str
    type: str
    enveloped: bool


def topics() -> dict[str, int]:
    """The topics of the layouts that are on, with their partitions."""
    return {settings.KAFKA_TOPIC_PREFIX + name: count for name, count in _wanted().items()}


def routes_of(type_: str) -> list[Route]:
    """Where an event of this type goes. KeyError for a type that nobody routed."""
    stream, own = ROUTES[type_]
    routes = []
    if settings.KAFKA_LAYOUT_STREAMS:
        routes.append(Route(settings.KAFKA_TOPIC_PREFIX + stream, type_, enveloped=False))
    if own and settings.KAFKA_LAYOUT_TYPES:
        routes.append(Route(settings.KAFKA_TOPIC_PREFIX + own, own, enveloped=True))
    return routes


def _wanted() -> dict[str, int]:
    return (STREAMS if settings.KAFKA_LAYOUT_STREAMS else {}) | (
        TYPE_TOPICS if settings.KAFKA_LAYOUT_TYPES else {}
    )
