"""Reminders that a series asks for, set for the tasks that it has made."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from bridges import outbox
from bridges.outbox import Actor
from notifications_app.events import ReminderScheduled
from notifications_app.models import Reminder
from tasks_app.models import Task


@transaction.atomic
def set_reminders(
    *, offsets: Mapping[int, Sequence[int]], actor: Actor | None, now: datetime
) -> None:
    """Remind of new tasks; `offsets` is task → minutes from its due time (negative: before).

    By a constant number of statements. One whose time has passed already, because the task came
    late, is as late as any other: the scan sends it, or calls it missed.
    """
    tasks = Task.objects.in_bulk(offsets)
    users = _held({task.user_id for task in tasks.values()})
    reminders = []
    for pk, task in tasks.items():
        task.user = users[task.user_id]
        for minutes in dict.fromkeys(offsets[pk]):
            reminder = Reminder(task=task, user=task.user, offset_minutes=minutes, created_at=now)
            reminder.fire_at = reminder.time_for(task)
            reminders.append(reminder)
    Reminder.objects.bulk_create(reminders)
    events = [ReminderScheduled.of(reminder) for reminder in reminders]
    outbox.record_all(events, actor=actor, now=now)


def _held(ids: set[UUID]) -> dict[UUID, User]:
    """A change of zone comes before this or sees the new rows; in order, as two scans may meet."""
    held = User.objects.filter(pk__in=ids).select_for_update(no_key=True).order_by("pk")
    return {user.pk: user for user in held}
