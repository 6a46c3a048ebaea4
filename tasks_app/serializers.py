"""A task in JSON."""

from datetime import date, datetime
from typing import Any, Final

from rest_framework import serializers

from accounts.models import validate_time_zone
from accounts.rest import StrictSerializer
from tasks_app.models import Priority, Status, Task

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 12, 31)
MOST_TAGS: Final = 50
LONGEST_TAG: Final = 50


class InstantField(serializers.DateTimeField):
    """An instant of RFC 3339; without its offset nobody knows which one is meant."""

    default_error_messages = {"naive": "Give the offset from UTC, as in 2026-03-01T09:00:00+01:00."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        return super().enforce_timezone(value)


class PriorityNameField(serializers.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Priority.labels, **options)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]  # the number
        return Priority.labels.index(super().to_internal_value(data)) + 1

    def to_representation(self, value: Any) -> str:
        return Priority(value).label


class TaskSerializer(StrictSerializer):
    """A created or changed task is saved by the services; here it is only checked."""

    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField(max_length=500)
    description = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    status = serializers.ChoiceField(Status.choices, required=False)
    priority = PriorityNameField(required=False, help_text="Give this or `priority_id`.")
    priority_id = serializers.IntegerField(
        source="priority", min_value=1, max_value=4, required=False
    )
    tags = serializers.ListField(
        source="tag_names",
        child=serializers.CharField(max_length=LONGEST_TAG),
        max_length=MOST_TAGS,
        required=False,
    )
    due_date = serializers.DateField(
        allow_null=True, required=False, help_text="All day, wherever the owner is."
    )
    due_at = InstantField(allow_null=True, required=False, help_text="With its offset from UTC.")
    due_timezone = serializers.CharField(
        allow_null=True,
        required=False,
        max_length=64,
        validators=[validate_time_zone],
        help_text="The zone that `due_at` is meant in; the owner's by default.",
    )
    notified = serializers.BooleanField(read_only=True)
    is_recurring = serializers.BooleanField(read_only=True)
    recurring_task_id = serializers.UUIDField(read_only=True, allow_null=True)
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Task) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        shown["due_timezone"] = shown["due_timezone"] or None
        return shown

    def validate_due_date(self, day: date | None) -> date | None:
        return _in_range(day)

    def validate_due_at(self, instant: datetime | None) -> datetime | None:
        _in_range(instant.date() if instant else None)
        return instant

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        self._agree_on_priority()
        if "tag_names" in attrs:
            attrs["tags"] = sorted(set(attrs.pop("tag_names")))
        return attrs | self._due(attrs)

    def _agree_on_priority(self) -> None:
        name, number = (self.initial_data.get(key) for key in ("priority", "priority_id"))
        if name and number and Priority(number).label != name:
            raise serializers.ValidationError(
                {"priority_id": ["This is another priority than `priority` names."]}
            )

    def _due(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The three due fields together: one kind of due time takes the other's place."""
        if attrs.get("due_date") and attrs.get("due_at"):
            raise serializers.ValidationError(
                {"due_at": ["Give `due_date` or `due_at`, not both."]}
            )
        if attrs.get("due_date"):
            self._refuse_lone_zone(attrs)
            return {"due_at": None, "due_timezone": ""}
        task = self.instance
        due_at = attrs.get("due_at", task and task.due_at)
        if due_at is None:
            self._refuse_lone_zone(attrs)
            return {"due_timezone": ""} if "due_at" in attrs or "due_timezone" in attrs else {}
        zone = attrs.get("due_timezone") or (task and task.due_timezone)
        cleared = {"due_date": None} if attrs.get("due_at") else {}
        return cleared | {"due_timezone": zone or self.context["request"].user.time_zone}

    def _refuse_lone_zone(self, attrs: dict[str, Any]) -> None:
        if attrs.get("due_timezone"):
            raise serializers.ValidationError(
                {"due_timezone": ["Only a task with `due_at` has a zone."]}
            )


def _in_range(day: date | None) -> date | None:
    if day and not EARLIEST <= day <= LATEST:
        raise serializers.ValidationError(f"Give a date between {EARLIEST} and {LATEST}.")
    return day
