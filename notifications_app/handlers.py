"""What reminders do when a task or its owner changes, in the transaction of that change."""

from datetime import datetime

from bridges.events import DomainEvent
from bridges.outbox import Actor
from notifications_app import services

_DUE = {"due_at", "due_date", "due_timezone"}


def follow_due_time(event: DomainEvent, *, actor: Actor | None, now: datetime) -> None:
    if _DUE & set(event.payload["changed"]):
        services.revise_reminders(task_id=int(event.aggregateid), actor=actor, now=now)


def come_back(event: DomainEvent, *, actor: Actor | None, now: datetime) -> None:
    services.revise_reminders(task_id=int(event.aggregateid), actor=actor, now=now)


def call_off(event: DomainEvent, *, actor: Actor | None, now: datetime) -> None:
    services.close_task(task_id=int(event.aggregateid), actor=actor, now=now)


def follow_zone(event: DomainEvent, *, actor: Actor | None, now: datetime) -> None:
    if "timezone" in event.payload["changed"]:
        services.move_all_day_reminders(user_id=event.user_id, actor=actor, now=now)
