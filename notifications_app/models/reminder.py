"""When somebody wants to hear of a task."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from tasks_app.models import Task

GRACE: Final = timedelta(minutes=1)  # a reminder this long past its time is not yet late


class ReminderState(models.TextChoices):
    SCHEDULED = "scheduled"
    FIRED = "fired"
    MISSED = "missed"
    CANCELLED = "cancelled"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def owned_by(self, user: User) -> ReminderQuerySet:
        return self.filter(user=user)

    def scheduled(self) -> ReminderQuerySet:
        return self.filter(state=ReminderState.SCHEDULED)

    def due(self, now: datetime) -> ReminderQuerySet:
        return self.scheduled().filter(fire_at__lte=now).order_by("fire_at")

    def claimed(self) -> ReminderQuerySet:
        """These rows with their tasks and owners, held until the transaction ends.

        What others hold is left out: a scan that waits for nobody deadlocks with nobody, in
        whichever order the services of tasks and accounts take their locks.
        """
        return self.select_related("task", "user").select_for_update(
            skip_locked=True, no_key=True, of=("self", "task", "user")
        )


class Reminder(models.Model):
    """At an instant (`at`), or `offset_minutes` from the task's due time (negative: before).

    `fire_at` is null while the task of a relative reminder has no due time.
    """

    task = models.ForeignKey(Task, models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    at = models.DateTimeField(null=True)
    offset_minutes = models.IntegerField(null=True)
    fire_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=9, choices=ReminderState.choices, default=ReminderState.SCHEDULED
    )
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["fire_at"], condition=Q(state="scheduled"), name="reminder_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(at=None) ^ Q(offset_minutes=None), name="reminder_is_of_one_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminder_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="scheduled", settled_at=None)
                | (~Q(state="scheduled") & Q(settled_at__isnull=False)),
                name="reminder_settled_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("fired", "missed")) | Q(fire_at__isnull=False),
                name="reminder_fired_had_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} at {self.fire_at}"

    def time_for(self, task: Task) -> datetime | None:
        """When it fires, as `task` stands.

        For an all-day task the minutes run on the owner's clock, so that 540 is nine in the
        morning on the days of a clock change too. A time that the change skips is read with
        the offset before it, one that comes twice is the first: `fold` 0 means both.
        """
        if self.offset_minutes is None:
            return self.at
        offset = timedelta(minutes=self.offset_minutes)
        if task.due_at is not None:
            return task.due_at + offset
        if task.due_date is None:
            return None
        midnight = datetime.combine(task.due_date, time.min, tzinfo=task.user.zone)
        return (midnight + offset).astimezone(UTC)

    def is_late(self, now: datetime) -> bool:
        return self.fire_at is not None and self.fire_at < now - GRACE

    def settle(self, state: ReminderState, *, at: datetime) -> None:
        self.state = state
        self.settled_at = at

    def revise(self, task: Task, *, now: datetime) -> bool:
        """Follow an open task to its present due time; False when nothing changed.

        One that is over comes back only for a time still to come, and one that is moved into
        the past is missed: nobody needs a mail about what they have just typed.
        """
        moved_to = self.time_for(task)
        if self.state == ReminderState.SCHEDULED:
            return self._move(moved_to, now=now)
        waits = moved_to is None and self.state == ReminderState.CANCELLED
        if waits or (moved_to is not None and moved_to > now):
            self.state, self.settled_at, self.fire_at = ReminderState.SCHEDULED, None, moved_to
            return True
        return False

    def _move(self, moved_to: datetime | None, *, now: datetime) -> bool:
        if moved_to == self.fire_at:
            return False
        self.fire_at = moved_to
        if self.is_late(now):
            self.settle(ReminderState.MISSED, at=now)
        return True
