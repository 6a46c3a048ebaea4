"""A series in JSON."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest import StrictSerializer
from recurrence_app.models import CatchUp, CountFrom, RecurringTask, Trigger
from recurrence_app.rules import describe
from recurrence_app.serializers.agreeing import agreed
from recurrence_app.serializers.fields import LOCAL, WallTimeField
from recurrence_app.serializers.schedule import RecurrenceSerializer
from recurrence_app.services.fields import FURTHEST_REMINDER, MOST_REMINDERS
from tasks_app.due import validate_day
from tasks_app.models import LONGEST_TAG, MOST_TAGS, Priority
from tasks_app.serializers import WholeNumberField
from tasks_app.serializers.bulk import FlagField
from tasks_app.serializers.fields import PriorityNameField, TagField, ZoneField, agree_on_priority

# What null means in a change (RFC 7396): the value that a series has of which nothing was said.
_DEFAULTS: Final[dict[str, Any]] = {
    "description": "",
    "priority": Priority.MEDIUM,
    "tags": [],
    "reminders": [],
    "recurrence_interval": 1,
    "exdates": [],
    "rdates": [],
    "trigger": Trigger.CALENDAR,
    "count_from": CountFrom.DUE_DATE,
    "create_ahead": 0,
    "catch_up": CatchUp.ALL,
}


class TemplateSerializer(StrictSerializer):
    """A reminder that each of the tasks gets."""

    offset_minutes = WholeNumberField(
        min_value=-FURTHEST_REMINDER,
        max_value=FURTHEST_REMINDER,
        help_text="From the due time, negative for before; all-day tasks are due at 00:00.",
    )


@extend_schema_field({"type": "object", "additionalProperties": LOCAL})
class MovedField(serializers.JSONField):
    pass


class RecurringTaskSerializer(RecurrenceSerializer):
    """What a series looks like, and what a request may say of it; the services save it.

    For a change, `context["series"]` is how it is.
    """

    id = serializers.UUIDField(read_only=True)
    title = serializers.CharField(
        max_length=500,
        help_text="Of each task. {date}, {year}, {month}, {month_name}, {day}, {weekday} and {week}"
        " are those of its occurrence; a brace that is meant is doubled.",
    )
    description = serializers.CharField(
        max_length=10_000, allow_blank=True, required=False, trim_whitespace=False
    )
    priority = PriorityNameField(required=False, help_text="Give this or `priority_id`.")
    priority_id = WholeNumberField(source="priority", min_value=1, max_value=4, required=False)
    tags = serializers.ListField(
        child=TagField(max_length=LONGEST_TAG), max_length=MOST_TAGS, required=False
    )
    reminders = TemplateSerializer(many=True, max_length=MOST_REMINDERS, required=False)  # type: ignore[call-arg]  # of the list
    start_date = serializers.DateField(
        validators=[validate_day],
        help_text="The first day; it is an occurrence if the rule gives it. From 1900 to 2200.",
    )
    due_time = WallTimeField(
        allow_null=True,
        required=False,
        help_text="In `timezone`, whatever the clocks do; null: all day.",
    )
    timezone = ZoneField(required=False, help_text="An IANA name; your own by default.")
    is_active = FlagField(required=False, help_text="False while it is paused.")

    next_due_at = serializers.DateField(
        read_only=True, allow_null=True, help_text="The local day of the next task to be made."
    )
    next_occurrence_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="The instant that it is due, or its day begins."
    )
    last_created_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When its last task was made."
    )
    moved = MovedField(
        read_only=True, help_text="Occurrence → the local day or wall time it was moved to."
    )
    left_out = serializers.IntegerField(
        read_only=True, help_text="Missed occurrences that got no task."
    )
    last_error = serializers.CharField(
        read_only=True, help_text="Why no task could be made; empty when all is well."
    )
    text = serializers.CharField(read_only=True, help_text="When it recurs, in words.")
    version = serializers.IntegerField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.takes_null():
            for name in (*_DEFAULTS, "priority_id"):
                fields[name].allow_null = True
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        agree_on_priority(self.initial_data)
        for name, default in _DEFAULTS.items():
            if name in attrs and attrs[name] is None:
                attrs[name] = default
        if "tags" in attrs:
            attrs["tags"] = sorted(set(attrs["tags"]))
        return agreed(attrs, self.context.get("series"))

    def takes_null(self) -> bool:
        """For what is as if it had never been said."""
        return self.partial

    def to_representation(self, instance: RecurringTask) -> dict[str, Any]:
        """By hand: field by field, DRF spends more on a list than everything else together."""
        return {
            "id": instance.pk,
            "title": instance.title,
            "description": instance.description,
            "priority": Priority(instance.priority).label,
            "priority_id": instance.priority,
            "tags": instance.tags,
            "reminders": instance.reminders,
            "recurrence_type": instance.recurrence_type,
            "recurrence_interval": instance.recurrence_interval,
            "rrule": instance.rrule,
            "text": describe(instance.schedule()),
            "start_date": instance.start_date,
            "due_time": instance.due_time,
            "timezone": instance.timezone,
            "end_date": instance.end_date,
            "exdates": instance.exdates,
            "rdates": instance.rdates,
            "moved": instance.moved,
            "trigger": instance.trigger,
            "count_from": instance.count_from,
            "create_ahead": instance.create_ahead,
            "catch_up": instance.catch_up,
            "is_active": instance.is_active,
            "next_due_at": instance.next_due_at,
            "next_occurrence_at": instance.next_occurrence_at,
            "last_created_at": instance.last_created_at,
            "left_out": instance.left_out,
            "last_error": instance.last_error,
            "version": instance.version,
            "created_at": instance.created_at,
            "updated_at": instance.updated_at,
        }
