"""A task in JSON."""

from typing import Any, Final

from rest_framework import serializers

from accounts.rest import StrictSerializer
from tasks_app.due import validate_day, validate_instant
from tasks_app.models import LONGEST_TAG, MOST_TAGS, Priority, Status, Task
from tasks_app.serializers.fields import (
    InstantField,
    PriorityNameField,
    TagField,
    WholeNumberField,
    ZoneField,
    agree_on_priority,
)

# What null means in a change (RFC 7396): the value that a task has of which nothing was said.
_DEFAULTS: Final = {"description": "", "priority": Priority.MEDIUM, "tag_names": []}


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
        help_text="All day, wherever the owner is; from 1900 to 2200. Takes the place of `due_at`.",
    )
    due_at = InstantField(
        allow_null=True,
        required=False,
        validators=[validate_instant],
        help_text="With its offset from UTC; from 1900 to 2200. Takes the place of `due_date`.",
    )
    due_timezone = ZoneField(
        allow_null=True,
        required=False,
        help_text="The zone that `due_at` is meant in; the owner's by default.",
    )
    notified = serializers.BooleanField(read_only=True)
    is_recurring = serializers.BooleanField(read_only=True)
    recurring_task_id = serializers.UUIDField(read_only=True, allow_null=True)
    occurrence = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Which of its series it is: the local day or wall time that the rule gives.",
    )
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.partial:
            for name in ("description", "priority", "priority_id", "tags"):
                fields[name].allow_null = True
        return fields

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
            "occurrence": instance.occurrence or None,
            "version": instance.version,
            "created_at": instance.created_at,
            "updated_at": instance.updated_at,
            "completed_at": instance.completed_at,
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        agree_on_priority(self.initial_data)
        for name, default in _DEFAULTS.items():
            if name in attrs and attrs[name] is None:
                attrs[name] = default
        if "tag_names" in attrs:
            attrs["tags"] = attrs.pop("tag_names")
        return attrs
