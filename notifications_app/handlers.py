"""What reminders do when tasks or their owner change, in the transaction of that change."""

from collections.abc import Sequence
from datetime import datetime

from bridges.events import DomainEvent
from bridges.outbox import Actor
from notifications_app import services

_DUE = {"due_at", "due_date", "due_timezone"}
_CLOSED = {"completed", "cancelled"}


def follow_tasks(events: Sequence[DomainEvent], *, actor: Actor | None, now: datetime) -> None:
    """What a task has become at last decides, whatever it was in between."""
    last = {int(event.aggregateid): event for event in events}
    moved = {int(event.aggregateid) for event in events if _matters(event)}
    over = {task_id for task_id in moved if _is_over(last[task_id])}
    if over:
        services.close_tasks(task_ids=over, actor=actor, now=now)
    if moved - over:
        services.revise_reminders(task_ids=moved - over, actor=actor, now=now)


def follow_zone(events: Sequence[DomainEvent], *, actor: Actor | None, now: datetime) -> None:
    for event in events:
        if "timezone" in event.payload["changed"]:
            services.move_all_day_reminders(user_id=event.user_id, actor=actor, now=now)


def remind_of_occurrences(
    events: Sequence[DomainEvent], *, actor: Actor | None, now: datetime
) -> None:
    """A task that a series has made gets the reminders that the series asks for."""
    offsets = {
        int(event.payload["task_id"]): [each["offset_minutes"] for each in wanted]
        for event in events
        if (wanted := event.payload["reminders"])
    }
    if offsets:
        services.set_reminders(offsets=offsets, actor=actor, now=now)


def _matters(event: DomainEvent) -> bool:
    return event.type != "task.updated.v1" or not _DUE.isdisjoint(event.payload["changed"])


def _is_over(event: DomainEvent) -> bool:
    return event.type == "task.deleted.v1" or event.payload["status"] in _CLOSED
