"""Fields that take what they are meant to, and nothing that looks like it."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import validate_time_zone
from accounts.rest import TIME_ZONE
from tasks_app.models import Priority


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


@extend_schema_field(TIME_ZONE)
class ZoneField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, validators=[validate_time_zone], **options)


class PriorityNameField(serializers.ChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Priority.labels, **options)

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]  # the number
        return Priority.labels.index(super().to_internal_value(data)) + 1


def agree_on_priority(said: Any) -> None:
    """Raise ValidationError unless `priority` and `priority_id` in valid data are the same."""
    name, number = said.get("priority"), said.get("priority_id")
    if name and number and Priority(number).label != name:
        raise serializers.ValidationError(
            {"priority_id": ["This is another priority than `priority` names."]}
        )


class WholeNumberField(serializers.IntegerField):
    """DRF would take the text "3" for the number 3. In JSON, 3.0 is the number 3."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float) and data.is_integer():
            data = int(data)
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class TagField(serializers.CharField):
    """DRF would take the number 5 for the text "5"."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
