"""Setting reminders, and keeping them true to their tasks."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from bridges import outbox
from bridges.outbox import Actor
from notifications_app.events import (
    ReminderCancelled,
    ReminderEvent,
    ReminderMissed,
    ReminderScheduled,
)
from notifications_app.models import Notification, Reminder, ReminderState
from notifications_app.models.reminder import ReminderQuerySet
from tasks_app.models import Task

MOST_A_TASK: Final = 20


class ReminderRefused(ValueError):
    """This reminder can't be set; `field` is what to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def schedule_reminder(
    *,
    task: Task,
    actor: Actor,
    now: datetime,
    at: datetime | None = None,
    offset_minutes: int | None = None,
) -> Reminder:
    """Remind of `task` at an instant, or so many minutes from its due time (negative: before).

    Raises ReminderRefused for a time that has passed, a task that is closed or has too many
    reminders; Task.DoesNotExist when the task is gone.
    """
    task = Task.objects.locked(task)
    # Held too, so that a change of zone comes before this or sees the new row.
    task.user = User.objects.select_for_update(no_key=True).get(pk=task.user_id)
    reminder = Reminder(
        task=task, user=task.user, at=at, offset_minutes=offset_minutes, created_at=now
    )
    reminder.fire_at = reminder.time_for(task)
    _check(reminder, now=now)
    reminder.save(force_insert=True)
    outbox.record(ReminderScheduled.of(reminder), actor=actor, now=now)
    return reminder


def _check(reminder: Reminder, *, now: datetime) -> None:
    field = "at" if reminder.offset_minutes is None else "offset_minutes"
    if not reminder.task.is_open:
        raise ReminderRefused("task", "This task is closed; reopen it first.")
    if reminder.is_late(now):
        raise ReminderRefused(field, "This time has already passed.")
    if reminder.task.reminders.count() >= MOST_A_TASK:
        raise ReminderRefused(field, f"A task may have {MOST_A_TASK} reminders at the most.")


@transaction.atomic
def cancel_reminder(*, reminder: Reminder, actor: Actor, now: datetime) -> None:
    """Take a reminder back: the row goes, its events stay. Reminder.DoesNotExist if it went."""
    reminder = (
        Reminder.objects.select_for_update(of=("self",)).select_related("task").get(pk=reminder.pk)
    )
    if reminder.state == ReminderState.SCHEDULED:
        outbox.record(ReminderCancelled.of(reminder), actor=actor, now=now)
    reminder.delete()


@transaction.atomic
def revise_reminders(*, task_ids: Collection[int], actor: Actor | None, now: datetime) -> None:
    """Let the reminders of tasks follow their due times; a closed task has none to come."""
    _revise(Reminder.objects.filter(task__in=task_ids), actor=actor, now=now)


@transaction.atomic
def move_all_day_reminders(*, user_id: UUID, actor: Actor | None, now: datetime) -> None:
    """Follow the owner to another time zone: the days of all-day tasks begin at other instants.

    Those of other tasks are held too: one of these may be becoming all-day at this moment.
    """
    relative = Reminder.objects.filter(user=user_id, offset_minutes__isnull=False)
    _revise(relative, actor=actor, now=now)


@transaction.atomic
def close_tasks(*, task_ids: Collection[int], actor: Actor | None, now: datetime) -> None:
    """Call off whatever would still remind of tasks that are done, given up or going."""
    scheduled = Reminder.objects.filter(task__in=task_ids).scheduled().select_related("task")
    called_off = list(scheduled.select_for_update(of=("self",)).order_by("id"))
    for reminder in called_off:
        reminder.settle(ReminderState.CANCELLED, at=now)
    _save(called_off)
    events = [ReminderCancelled.of(reminder) for reminder in called_off]
    outbox.record_all(events, actor=actor, now=now)
    Notification.objects.filter(task__in=task_ids).cancel(at=now)


def _revise(reminders: ReminderQuerySet, *, actor: Actor | None, now: datetime) -> None:
    # The rows first: whoever held them may have changed what their time depends on.
    locked = list(reminders.select_for_update(of=("self",)).order_by("id"))
    tasks = Task.objects.select_related("user").in_bulk({each.task_id for each in locked})
    revised = []
    for reminder in locked:
        task = tasks.get(reminder.task_id)
        if task is not None and task.is_open and reminder.revise(task, now=now):
            reminder.task = task
            revised.append(reminder)
    _save(revised)
    outbox.record_all([_event_of(reminder) for reminder in revised], actor=actor, now=now)


def _save(reminders: list[Reminder]) -> None:
    Reminder.objects.bulk_update(reminders, ["state", "settled_at", "fire_at"], batch_size=1000)


def _event_of(revised: Reminder) -> ReminderEvent:
    missed = revised.state == ReminderState.MISSED
    return (ReminderMissed if missed else ReminderScheduled).of(revised)
