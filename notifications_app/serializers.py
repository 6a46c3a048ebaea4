"""Reminders and notifications in JSON."""

from typing import Any, Final

from rest_framework import serializers

from accounts.rest import StrictSerializer
from notifications_app.models import NotificationStatus, ReminderState
from tasks_app.due import validate_instant
from tasks_app.serializers import InstantField, WholeNumberField

FURTHEST: Final = 366 * 24 * 60  # minutes


class ReminderSerializer(StrictSerializer):
    id = serializers.IntegerField(read_only=True)
    task_id = serializers.IntegerField(read_only=True)
    at = InstantField(
        required=False,
        allow_null=True,
        validators=[validate_instant],
        help_text="From 1900 to 2200. Give this or `offset_minutes`.",
    )
    offset_minutes = WholeNumberField(
        required=False,
        allow_null=True,
        min_value=-FURTHEST,
        max_value=FURTHEST,
        help_text="From the task's due time, negative for before; all-day tasks are due at 00:00.",
    )
    fire_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="Null while the task has no due time."
    )
    state = serializers.ChoiceField(ReminderState.choices, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    settled_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("at") is None) == (attrs.get("offset_minutes") is None):
            raise serializers.ValidationError({"at": ["Give either `at` or `offset_minutes`."]})
        return attrs


class NotificationSerializer(StrictSerializer):
    id = serializers.IntegerField(read_only=True)
    task_id = serializers.IntegerField(read_only=True, allow_null=True)
    kind = serializers.CharField(read_only=True)
    channel = serializers.CharField(read_only=True)
    destination = serializers.CharField(read_only=True)
    subject = serializers.CharField(read_only=True)
    body = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(NotificationStatus.choices, read_only=True)
    fire_at = serializers.DateTimeField(read_only=True, help_text="The time it is meant for.")
    late = serializers.BooleanField(read_only=True)
    not_before = serializers.DateTimeField(read_only=True)
    attempts = serializers.IntegerField(read_only=True)
    error = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    sent_at = serializers.DateTimeField(read_only=True, allow_null=True)
    read_at = serializers.DateTimeField(read_only=True, allow_null=True)
