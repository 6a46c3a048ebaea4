"""A task in JSON."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts.models import validate_time_zone
from accounts.rest import StrictSerializer
from tasks_app.due import validate_day, validate_instant
from tasks_app.models import LONGEST_TAG, MOST_TAGS, Priority, Status, Task


class InstantField(serializers.DateTimeField):
    """An instant of RFC 3339; without its offset nobody knows which one is meant."""

    default_error_messages = {
        "naive": "Give the offset from UTC, as in 2026-03-01T09:00:00+01:00.",
        "nul": "Null characters are not allowed.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        if isinstance(value, str) and "\0" in value:  # Python's parser stops there
            self.fail("nul")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        return super().enforce_timezone(value)


class PriorityNameField(serializers.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Priority.labels, **options)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]  # the number
        return Priority.labels.index(super().to_internal_value(data)) + 1


class WholeNumberField(serializers.IntegerField):
    """DRF would take the text "3" and the number 3.0 for the number 3."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class TagField(serializers.CharField):
    """DRF would take the number 5 for the text "5"."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TaskSerializer(StrictSerializer):
    """What a task looks like, and what a request may say of it; the services save it."""

    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField(max_length=500)
    description = serializers.CharField(
        max_length=10_000, allow_blank=True, required=False, trim_whitespace=False
    )
    status = serializers.ChoiceField(Status.choices, required=False)
    priority = PriorityNameField(required=False, help_text="Give this or `priority_id`.")
    priority_id = WholeNumberField(source="priority", min_value=1, max_value=4, required=False)
    tags = serializers.ListField(
        source="tag_names",
        child=TagField(max_length=LONGEST_TAG),
        max_length=MOST_TAGS,
        required=False,
    )
    due_date = serializers.DateField(
        allow_null=True,
        required=False,
        validators=[validate_day],
        help_text="All day, wherever the owner is. Takes the place of `due_at`.",
    )
    due_at = InstantField(
        allow_null=True,
        required=False,
        validators=[validate_instant],
        help_text="With its offset from UTC. Takes the place of `due_date`.",
    )
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
        """By hand: field by field, DRF spends more on a list than everything else together."""
        return {
            "id": instance.pk,
            "title": instance.title,
            "description": instance.description,
            "status": instance.status,
            "priority": Priority(instance.priority).label,
            "priority_id": instance.priority,
            "tags": instance.tag_names(),
            "due_date": instance.due_date,
            "due_at": instance.due_at,
            "due_timezone": instance.due_timezone or None,
            "notified": instance.notified,
            "is_recurring": instance.is_recurring,
            "recurring_task_id": instance.recurring_task_id,
            "version": instance.version,
            "created_at": instance.created_at,
            "updated_at": instance.updated_at,
            "completed_at": instance.completed_at,
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        self._agree_on_priority()
        if "tag_names" in attrs:
            attrs["tags"] = attrs.pop("tag_names")
        return attrs

    def _agree_on_priority(self) -> None:
        name, number = (self.initial_data.get(key) for key in ("priority", "priority_id"))
        if name and number and Priority(number).label != name:
            raise serializers.ValidationError(
                {"priority_id": ["This is another priority than `priority` names."]}
            )
