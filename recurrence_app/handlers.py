"""What series do when tasks change, in the transaction of that change."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from accounts.models import User
from bridges.events import DomainEvent
from bridges.outbox import Actor
from recurrence_app import services
from tasks_app.models import OPEN

Over = dict[UUID, dict[str, datetime]]


def follow_tasks(events: Sequence[DomainEvent], *, actor: Actor | None, now: datetime) -> None:
    """A task that is completed, cancelled or deleted makes room for the next of its series."""
    over: Over = {}
    for event in events:
        task = event.payload
        if task["occurrence"] and not _was_over(event):
            names = over.setdefault(task["recurring_task_id"], {})
            names[task["occurrence"]] = task["completed_at"] or now
    if over:
        services.follow_tasks(over=over, actor=cast("User | None", actor), now=now)


def _was_over(event: DomainEvent) -> bool:
    """A task that had been closed before it was deleted."""
    return event.type == "task.deleted.v1" and event.payload["status"] not in OPEN
