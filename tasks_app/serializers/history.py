"""An entry of a task's history in JSON."""

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest import StrictSerializer
from tasks_app.history import Entry

_CHANGES: Final = {
    "type": ["object", "null"],
    "additionalProperties": {
        "type": "object",
        "required": ["from", "to"],
        "properties": {"from": {}, "to": {}},
    },
}


@extend_schema_field(_CHANGES)
class ChangesField(serializers.JSONField):
    pass


class HistorySerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True, help_text="The event's id, as on Kafka.")
    type = serializers.CharField(read_only=True, help_text="Such as task.updated.v1.")
    created_at = serializers.DateTimeField(read_only=True)
    actor = serializers.ChoiceField(["you", "operator", "system"], read_only=True)
    actor_id = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="Yours; null for anybody else."
    )
    version = serializers.IntegerField(read_only=True, help_text="Of the task after the change.")
    changed = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="The names of the changed fields."
    )
    changes = ChangesField(
        read_only=True,
        help_text="Field → its value before and after; null where the log no longer holds the"
        " version before.",
    )

    def to_representation(self, instance: Entry) -> dict[str, Any]:
        event = instance.event
        return {
            "id": event.id,
            "type": event.type,
            "created_at": event.created_at,
            "actor": instance.actor,
            "actor_id": event.actor_id if instance.actor == "you" else None,
            "version": event.payload["version"],
            "changed": instance.changed,
            "changes": instance.changes,
        }
