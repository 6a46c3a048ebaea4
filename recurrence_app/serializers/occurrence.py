"""One occurrence of a series, and what can be done to it, in JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.rest import StrictSerializer
from recurrence_app.agenda import Entry
from recurrence_app.serializers.fields import LOCAL, LocalField
from recurrence_app.serializers.series import RecurringTaskSerializer

_NAME = "By its name: the local day or wall time that the rule gives it, wherever it was moved to."


class SkipSerializer(StrictSerializer):
    occurrence = LocalField(help_text=_NAME)


class MoveSerializer(StrictSerializer):
    occurrence = LocalField(help_text=_NAME)
    to = LocalField(help_text="The local day or, in a series with a time, wall time instead.")


class SplitSerializer(RecurringTaskSerializer):
    """What changes from an occurrence on; what is not said stays as it is in the series."""

    occurrence = LocalField(help_text=_NAME)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for name in ("title", "start_date"):
            fields[name].required = False
        return fields

    def takes_null(self) -> bool:
        return True


@extend_schema_field(LOCAL)
class NameField(serializers.CharField):
    pass


class OccurrenceSerializer(StrictSerializer):
    occurrence = NameField(read_only=True, help_text=_NAME)
    local = NameField(read_only=True, help_text="The local day or wall time of it.")
    at = serializers.DateTimeField(
        read_only=True, help_text="The instant of that; of a day, when it begins."
    )
    skipped = serializers.BooleanField(read_only=True)
    moved = serializers.BooleanField(read_only=True)
    task_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Of the task that was made for it."
    )

    def to_representation(self, instance: Entry) -> dict[str, Any]:
        return {
            "occurrence": instance.name,
            "local": instance.local.isoformat(),
            "at": instance.at,
            "skipped": instance.skipped,
            "moved": instance.moved,
            "task_id": instance.task_id,
        }


class AgendaSerializer(StrictSerializer):
    items = OccurrenceSerializer(many=True, read_only=True)
    truncated = serializers.BooleanField(
        read_only=True, help_text="There are more up to `to`: go on from the last one's `at`."
    )
