"""How a list of tasks is narrowed and sorted."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User
from accounts.queries import Query, Several
from accounts.rest import owner_of
from tasks_app import due_words, search
from tasks_app.due import validate_instant
from tasks_app.models import LONGEST_TAG, Priority, Status, Task, TaskQuerySet
from tasks_app.serializers import InstantField
from tasks_app.sorting import ORDERS, SORTABLE, Words, sort

FLAGS: Final = ("true", "false")
Worn: Final = Task.tags.through
_TIMES: Final = ("created", "updated", "completed")


class Instant(InstantField):
    def __init__(self, help_text: str) -> None:
        super().__init__(required=False, validators=[validate_instant], help_text=help_text)

    def to_internal_value(self, value: Any) -> datetime:
        # In a query a plus sign that was not quoted arrives as a space.
        return super().to_internal_value(value.replace(" ", "+"))


class TagName(serializers.CharField):
    def __init__(self) -> None:
        super().__init__(max_length=LONGEST_TAG)


@extend_schema_field({"type": "string", "pattern": due_words.PATTERN})
class DueWord(serializers.CharField):
    def __init__(self) -> None:
        super().__init__(max_length=30)


class TaskQuery(Query):
    q = serializers.CharField(
        required=False,
        max_length=search.LONGEST,
        help_text="Words of the title or description, or their beginnings; all of them have to be"
        f" there. Where nothing fits, parts of words (up to {search.MOST_PARTS}), then titles that"
        " look alike. The best come first, unless `sort_by` says otherwise.",
    )
    status = Several(serializers.ChoiceField(Status.choices), help_text="Any of those given.")
    priority = Several(serializers.ChoiceField(Priority.labels), help_text="Any of those given.")
    tag = Several(TagName(), help_text="All of those given.")
    tag_any = Several(TagName(), help_text="At least one of those given.")
    tag_none = Several(TagName(), help_text="None of those given.")
    tagged = serializers.ChoiceField(FLAGS, required=False, help_text="With any tag, or without.")
    due = Several(
        DueWord(),
        help_text=f"Any of those given: {', '.join(due_words.WORDS)}, a date (2026-03-01) or two"
        " (2026-03-01..2026-03-31). Days are those of your time zone; next-7-days begins with"
        " today; overdue are open tasks whose instant has passed or whose day has ended.",
    )
    due_after = Instant("The instant a task becomes overdue; an all-day one when its day ends.")
    due_before = Instant("As `due_after`; the instant itself is not included.")
    recurring = serializers.ChoiceField(FLAGS, required=False)
    created_after = Instant("From this instant on.")
    created_before = Instant("Before this instant.")
    updated_after = Instant("From this instant on.")
    updated_before = Instant("Before this instant.")
    completed_after = Instant("From this instant on.")
    completed_before = Instant("Before this instant.")
    sort_by = Words(
        SORTABLE, help_text=f"Of {', '.join(SORTABLE)}; several with commas between them."
    )
    sort_order = Words(
        ORDERS, help_text="asc or desc: one for all, or one for each field with commas between."
    )

    def narrow(self, rows: TaskQuerySet, *, request: Request) -> TaskQuerySet:
        asked, owner = self.validated_data, owner_of(request)
        fields = asked.get("sort_by", [])
        if "due" in fields or "due_after" in asked or "due_before" in asked:
            rows = rows.with_due(owner)
        found = _tagged(rows.filter(_conditions(asked)), asked, owner)
        if words := asked.get("due"):
            found = found.filter(_due(words, now=timezone.now(), zone=owner.zone))
        if "q" in asked:
            found = search.search(found, asked["q"])
            if not fields:
                return search.by_relevance(found)
        return sort(found, fields, asked.get("sort_order", ["asc"]))


def _conditions(asked: dict[str, Any]) -> Q:
    wanted = Q()
    if "status" in asked:
        wanted &= Q(status__in=asked["status"])
    if "priority" in asked:
        wanted &= Q(priority__in=[Priority[name.upper()] for name in asked["priority"]])
    if "recurring" in asked:
        wanted &= Q(recurring_task_id__isnull=asked["recurring"] == "false")
    for name, field in (("due", "due"), *((name, f"{name}_at") for name in _TIMES)):
        if f"{name}_after" in asked:
            wanted &= Q(**{f"{field}__gte": asked[f"{name}_after"]})
        if f"{name}_before" in asked:
            wanted &= Q(**{f"{field}__lt": asked[f"{name}_before"]})
    return wanted


def _tagged(tasks: TaskQuerySet, asked: dict[str, Any], owner: User) -> TaskQuerySet:
    """Subqueries, not joins: a task that wears two of the tags is one task."""
    for name in asked.get("tag", []):
        tasks = tasks.filter(pk__in=_wearing([name], owner))
    if "tag_any" in asked:
        tasks = tasks.filter(pk__in=_wearing(asked["tag_any"], owner))
    if "tag_none" in asked:
        tasks = tasks.exclude(pk__in=_wearing(asked["tag_none"], owner))
    if "tagged" in asked:
        worn = Exists(Worn.objects.filter(task=OuterRef("pk")))
        tasks = tasks.filter(worn if asked["tagged"] == "true" else ~worn)
    return tasks


def _wearing(names: list[str], owner: User) -> QuerySet[Any, Any]:
    return Worn.objects.filter(tag__user=owner, tag__name__in=names).values("task_id")


def _due(words: list[str], *, now: datetime, zone: ZoneInfo) -> Q:
    found = Q()
    for word in words:
        try:
            found |= due_words.due(word, now=now, zone=zone)
        except ValidationError as fault:
            raise serializers.ValidationError({"due": fault.messages}) from fault
    return found
