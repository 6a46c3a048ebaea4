"""A tag in JSON."""

from typing import Any

from rest_framework import serializers

from accounts.rest import StrictSerializer
from tasks_app.models import LONGEST_TAG
from tasks_app.serializers.fields import TagField, WholeNumberField


class ColorField(serializers.RegexField):
    """Upper and lower case are the same colour; kept is the lower."""

    default_error_messages = {"invalid": "Give a colour as #rrggbb."}

    def __init__(self, **options: Any) -> None:
        super().__init__(r"\A#[0-9A-Fa-f]{6}\Z", **options)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).lower()


class TagSerializer(StrictSerializer):
    """What a tag looks like, and what a request may say of it; the services save it."""

    id = serializers.IntegerField(read_only=True)
    name = TagField(
        max_length=LONGEST_TAG,
        help_text="Unique among your tags; upper and lower case differ.",
    )
    color = ColorField(allow_null=True, required=False, help_text="As #rrggbb; null takes it away.")
    tasks = serializers.IntegerField(
        read_only=True, help_text="How many tasks wear it, closed ones too."
    )
    open_tasks = serializers.IntegerField(
        read_only=True, help_text="How many of them are pending or in progress."
    )
    version = serializers.IntegerField(
        read_only=True, help_text="Grows with each change of name or colour."
    )
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "color" in attrs:
            attrs["color"] = attrs["color"] or ""
        return attrs

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Of a tag with its counts."""
        return {
            "id": instance.pk,
            "name": instance.name,
            "color": instance.color or None,
            "tasks": instance.task_count,
            "open_tasks": instance.open_task_count,
            "version": instance.version,
            "created_at": instance.created_at,
            "updated_at": instance.updated_at,
        }


class MergeSerializer(StrictSerializer):
    into = WholeNumberField(
        min_value=1, max_value=2**63 - 1, help_text="The id of the tag that stays."
    )
