"""One thing to do."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import User, validate_time_zone
from tasks_app.due import (
    BOUNDS,
    EARLIEST,
    LATEST,
    DayEnd,
    check_due,
    validate_day,
    validate_instant,
)
from tasks_app.models.choices import OPEN, Priority, Status
from tasks_app.models.tag import Tag

MOST_TAGS: Final = 50
_DUE: Final = frozenset({"due_date", "due_at", "due_timezone"})


class TaskQuerySet(models.QuerySet["Task"]):
    def owned_by(self, user: User) -> TaskQuerySet:
        """Where every door starts: somebody else's task does not exist."""
        return self.filter(user=user)

    def with_tags(self) -> TaskQuerySet:
        return self.prefetch_related("tags")

    def with_tag_names(self) -> TaskQuerySet:
        """For reading alone: as `with_tags`, without a manager for each task, which costs more.

        A second statement: in the first, it would hide from the planner which index is best.
        """
        names = Tag.objects.only("name").order_by()
        return self.prefetch_related(models.Prefetch("tags", names, to_attr="worn"))

    def with_due(self, user: User) -> TaskQuerySet:
        """Annotate `due`, the instant a task of `user` becomes overdue, whichever its kind."""
        return self.annotate(due=Coalesce("due_at", DayEnd("due_date", user.zone)))

    def locked(self, task: Task) -> Task:
        """The row as it is now, held until the transaction ends. Task.DoesNotExist if it went."""
        return self.with_tags().select_for_update().get(pk=task.pk)


class Task(models.Model):
    """One thing to do.

    Due is all-day (`due_date`, which follows the owner's zone) or an instant (`due_at`, with
    `due_timezone`, the zone it was meant in); never both.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="tasks",
        db_index=False,  # task_user_order serves it
    )
    title = models.CharField(max_length=500)
    description = models.CharField(max_length=10_000, blank=True, default="")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    tags = models.ManyToManyField(Tag, blank=True, related_name="tasks")
    due_date = models.DateField(null=True, blank=True, validators=[validate_day])
    due_at = models.DateTimeField(null=True, blank=True, validators=[validate_instant])
    due_timezone = models.CharField(
        max_length=64, blank=True, default="", validators=[validate_time_zone]
    )
    notified = models.BooleanField(default=False, editable=False)
    recurring_task_id = models.UUIDField(null=True, editable=False)
    # Its name in the series: the local day or time that the rule gave, whatever is edited later.
    occurrence = models.CharField(max_length=19, default="", db_default="", editable=False)
    # What a calendar file said of it: its UID there, and what has no field of ours.
    calendar_uid = models.CharField(max_length=255, default="", db_default="", editable=False)
    calendar = models.JSONField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)
    completed_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[TaskQuerySet] = TaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["user", "id"], name="task_user_order"),
            models.Index(fields=["user", "status"], name="task_user_status"),
            models.Index(fields=["user", "due_at"], name="task_user_due_at"),
            models.Index(fields=["user", "due_date"], name="task_user_due_date"),
            models.Index(fields=["user", "priority"], name="task_user_priority"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "calendar_uid"],
                condition=~Q(calendar_uid=""),
                name="task_calendar_uid_once_a_user",
            ),
            models.UniqueConstraint(
                fields=["recurring_task_id", "occurrence"],
                condition=~Q(occurrence=""),
                name="task_occurrence_once",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="task_has_a_title"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="task_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(priority__range=(Priority.LOW, Priority.URGENT)),
                name="task_priority_is_1_to_4",
            ),
            models.CheckConstraint(
                condition=Q(due_date=None) | Q(due_at=None), name="task_due_is_of_one_kind"
            ),
            models.CheckConstraint(
                condition=Q(due_date__range=(EARLIEST, LATEST)), name="task_due_date_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=BOUNDS[0], due_at__lt=BOUNDS[1]), name="task_due_at_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, due_timezone="")
                | (Q(due_at__isnull=False) & ~Q(due_timezone="")),
                name="task_due_at_has_a_zone",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.COMPLETED, completed_at__isnull=False)
                | (~Q(status=Status.COMPLETED) & Q(completed_at=None)),
                name="task_completed_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_recurring(self) -> bool:
        return self.recurring_task_id is not None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def due_day(self) -> date | None:
        """The calendar day it is due on, for both kinds of due time."""
        if self.due_at:
            return self.due_at.astimezone(zoneinfo.ZoneInfo(self.due_timezone)).date()
        return self.due_date

    def change(self, fields: Mapping[str, Any], *, at: datetime) -> set[str]:
        """Set `fields`, and what follows from them; return the names of those that differ now.

        Raises ValidationError for a due time of both kinds or a zone without an instant.
        """
        wanted = {**fields, **self._due(fields)}
        changed = {name for name, value in wanted.items() if getattr(self, name) != value}
        for name in changed:
            setattr(self, name, wanted[name])
        if "status" in changed:
            self.move_to(self.status, at=fields.get("completed_at") or at)
        return changed

    def _due(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """One kind of due time takes the other's place; an instant has a zone, a day has none."""
        if not _DUE & fields.keys():
            return {}
        day = fields.get("due_date")
        instant = fields.get("due_at", None if day else self.due_at)
        check_due(day, instant, fields.get("due_timezone"))
        if instant is None:
            return {"due_at": None, "due_timezone": ""}
        zone = fields.get("due_timezone", self.due_timezone) or self.user.time_zone
        return {"due_date": None, "due_at": instant, "due_timezone": zone}

    def move_to(self, status: str, *, at: datetime) -> None:
        self.status = status
        self.completed_at = at if status == Status.COMPLETED else None

    def touch(self, *, at: datetime) -> None:
        """Each change is a new version, no older than the last, which it may have waited for."""
        self.version += 1
        self.updated_at = max(at, self.updated_at)

    def tag_names(self) -> list[str]:
        worn: Iterable[Tag] | None = getattr(self, "worn", None)
        return sorted(tag.name for tag in (self.tags.all() if worn is None else worn))

    def remember_tags(self, tags: Iterable[Tag]) -> None:
        """Spare the query that would read back what has just been written."""
        self._prefetched_objects_cache: dict[str, list[Tag]] = {"tags": list(tags)}
