"""A series: what is to be done again and again, and how far it has come."""

from __future__ import annotations

import uuid
import zoneinfo
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import User, validate_time_zone
from recurrence_app.occurrences import Wishes, local_of
from recurrence_app.progress import Pointers
from recurrence_app.rules import Schedule, parse
from tasks_app.due import EARLIEST, LATEST, validate_day
from tasks_app.models import LONGEST_TAG, Priority

MOST_NAMED: Final = 1_000  # exdates, rdates or moved occurrences of a series
MOST_DAYS_AHEAD: Final = 365
LONGEST_RULE: Final = 1_000


class Frequency(models.TextChoices):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Trigger(models.TextChoices):
    CALENDAR = "calendar"
    COMPLETION = "completion"


class CountFrom(models.TextChoices):
    DUE_DATE = "due_date"
    COMPLETION = "completion"


class CatchUp(models.TextChoices):
    ALL = "all"
    LATEST = "latest"
    SKIP = "skip"


class RecurringTaskQuerySet(models.QuerySet["RecurringTask"]):
    def owned_by(self, user: User) -> RecurringTaskQuerySet:
        """Where every door starts: somebody else's series does not exist."""
        return self.filter(user=user)

    def due(self, now: datetime) -> RecurringTaskQuerySet:
        """Those that have something to make, the longest waiting first. Served by an index."""
        return self.filter(is_active=True, spawn_at__lte=now).order_by("spawn_at")

    def claimed(self) -> RecurringTaskQuerySet:
        """These rows, but for those that others hold, held until the transaction ends."""
        return self.select_related("user").select_for_update(
            of=("self",), no_key=True, skip_locked=True
        )

    def locked(self, series: RecurringTask) -> RecurringTask:
        """The row as it is now, held until the transaction ends. RecurringTask.DoesNotExist."""
        held = self.select_related("user").select_for_update(of=("self",), no_key=True)
        return held.get(pk=series.pk)


class RecurringTask(models.Model):
    """A template for tasks, a rule for their days, and how far the series has come.

    An occurrence is named by the local day or wall time that the rule gives it, as ISO text
    ("2026-03-31", "2026-03-31T09:00:00"); `moved` says which ones take place at another. The
    fields from `next_due_at` on are the series' progress: the services keep them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="series")

    title = models.CharField(max_length=500)
    description = models.CharField(max_length=10_000, blank=True, default="")
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.MEDIUM)
    tags = ArrayField(models.CharField(max_length=LONGEST_TAG), blank=True, default=list)
    reminders = models.JSONField(blank=True, default=list)  # [{"offset_minutes": -60}, …]

    recurrence_type = models.CharField(max_length=7, choices=Frequency.choices)
    recurrence_interval = models.PositiveSmallIntegerField(default=1)
    rrule = models.CharField(max_length=LONGEST_RULE)
    is_simple = models.BooleanField(default=True)  # the rule is what type and interval say
    start_date = models.DateField(validators=[validate_day])
    due_time = models.TimeField(null=True, blank=True)  # none: all day
    timezone = models.CharField(max_length=64, validators=[validate_time_zone])
    end_date = models.DateField(null=True, blank=True, validators=[validate_day])
    exdates = ArrayField(models.CharField(max_length=19), blank=True, default=list)
    rdates = ArrayField(models.CharField(max_length=19), blank=True, default=list)
    moved = models.JSONField(blank=True, default=dict)  # name → the local day or time instead

    trigger = models.CharField(max_length=10, choices=Trigger.choices, default=Trigger.CALENDAR)
    count_from = models.CharField(
        max_length=10, choices=CountFrom.choices, default=CountFrom.DUE_DATE
    )
    create_ahead = models.PositiveSmallIntegerField(default=0)  # days
    catch_up = models.CharField(max_length=6, choices=CatchUp.choices, default=CatchUp.ALL)
    is_active = models.BooleanField(default=True)

    # What comes next; all three are null when nothing does, or nobody can know it yet.
    next_due_at = models.DateField(null=True, editable=False)
    next_occurrence_at = models.DateTimeField(null=True, editable=False)
    # The first name that the rule has still to give, without those that were moved.
    next_occurrence = models.CharField(max_length=19, null=True, editable=False)
    # Moved occurrences that have no task yet.
    waiting = ArrayField(models.CharField(max_length=19), default=list, editable=False)
    # The last name that has its task, or was left out.
    last_occurrence = models.CharField(max_length=19, default="", editable=False)
    spawn_at = models.DateTimeField(null=True, editable=False)  # null: nothing for a tick to do
    made = models.PositiveIntegerField(default=0, editable=False)
    left_out = models.PositiveIntegerField(default=0, editable=False)
    last_created_at = models.DateTimeField(null=True, editable=False)
    last_run_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(default="", editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)  # one after the other

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    updated_at = models.DateTimeField(editable=False)

    objects: ClassVar[RecurringTaskQuerySet] = RecurringTaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["user", "next_due_at"], name="series_user_next_due"),
            models.Index(fields=["user", "is_active"], name="series_user_active"),
            models.Index(
                fields=["spawn_at"],
                condition=Q(is_active=True, spawn_at__isnull=False),
                name="series_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="series_has_a_title"),
            models.CheckConstraint(
                condition=Q(priority__range=(Priority.LOW, Priority.URGENT)),
                name="series_priority_is_1_to_4",
            ),
            models.CheckConstraint(
                condition=Q(recurrence_type__in=Frequency.values), name="series_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(recurrence_interval__range=(1, 9999)), name="series_interval_is_sane"
            ),
            models.CheckConstraint(condition=~Q(rrule=""), name="series_has_a_rule"),
            models.CheckConstraint(
                condition=Q(trigger__in=Trigger.values)
                & Q(count_from__in=CountFrom.values)
                & Q(catch_up__in=CatchUp.values),
                name="series_choices_are_known",
            ),
            models.CheckConstraint(
                condition=Q(create_ahead__lte=MOST_DAYS_AHEAD), name="series_is_not_too_early"
            ),
            models.CheckConstraint(
                condition=Q(start_date__range=(EARLIEST, LATEST)), name="series_start_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
                name="series_ends_after_its_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    @property
    def start(self) -> date | datetime:
        """All-day a date, otherwise naive wall time in `zone`."""
        if self.due_time is None:
            return self.start_date
        return datetime.combine(self.start_date, self.due_time)

    def schedule(self) -> Schedule:
        """Raises RuleError for parts that do not go together, which saved ones do."""
        return Schedule(
            start=self.start,
            zone=self.zone,
            rule=parse(self.rrule),
            rdates=tuple(map(local_of, self.rdates)),
            exdates=tuple(map(local_of, self.exdates)),
            end_date=self.end_date,
        )

    def wishes(self) -> Wishes:
        """What is asked of it, for the decisions about its progress."""
        return Wishes(
            schedule=self.schedule(),
            moved={name: local_of(to) for name, to in self.moved.items()},
            on_completion=self.trigger == Trigger.COMPLETION,
            from_completion=self.count_from == CountFrom.COMPLETION,
            catch_up=self.catch_up,
            ahead=timedelta(days=self.create_ahead),
            first_reminder=timedelta(
                minutes=min([0, *(each["offset_minutes"] for each in self.reminders)])
            ),
        )

    def point(self, pointers: Pointers) -> None:
        self.next_occurrence = pointers.next_occurrence
        self.next_due_at = pointers.next_due_at
        self.next_occurrence_at = pointers.next_occurrence_at
        self.spawn_at = pointers.spawn_at
        self.waiting = sorted(pointers.waiting)

    def touch(self, *, at: datetime) -> None:
        """Each change is a new version, no older than the last, which it may have waited for."""
        self.version += 1
        self.updated_at = max(at, self.updated_at)

    def template(self) -> dict[str, Any]:
        """What each of its tasks gets, but for the title and the due time."""
        return {
            "description": self.description,
            "priority": self.priority,
            "tags": self.tags,
        }
