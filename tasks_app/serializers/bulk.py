"""A call of many operations in JSON."""

from typing import Any, Final

from rest_framework import serializers

from accounts.rest import StrictSerializer
from tasks_app.serializers.fields import WholeNumberField
from tasks_app.serializers.task import TaskSerializer
from tasks_app.services.bulk import MOVES, Operation

MOST_OPERATIONS: Final = 500
_TAKES: Final = {"create": {"task"}, "update": {"id", "task", "version"}}
_OTHERS_TAKE: Final = {"id", "version"}


class FlagField(serializers.BooleanField):
    """DRF would take the text "no" for false."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class _Head(StrictSerializer):
    op = serializers.ChoiceField(["create", "update", "delete", *MOVES])
    id = WholeNumberField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="For all but `create`."
    )
    version = WholeNumberField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="As If-Match: the operation fails when the task has another.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        takes = _TAKES.get(attrs["op"], _OTHERS_TAKE)
        lacking, surplus = takes - {"version"} - attrs.keys(), attrs.keys() - {"op"} - takes
        faults = {name: ["This operation needs it."] for name in lacking}
        faults |= {name: ["This operation does not take it."] for name in surplus}
        if faults:
            raise serializers.ValidationError(faults)
        return attrs


class OperationSerializer(_Head):
    """One of the operations of a call."""

    task = TaskSerializer(
        partial=True, required=False, help_text="For `create` and `update`: its fields."
    )


class _LooseOperation(_Head):
    """Whose task is checked by itself: whole for `create`, partial for `update`."""

    task = serializers.JSONField(required=False)


class _Call(StrictSerializer):
    atomic = FlagField(
        default=True, help_text="Whether an operation that fails refuses all, or only itself."
    )


class BulkSerializer(_Call):
    """As the document shows it."""

    operations = OperationSerializer(many=True, min_length=1, max_length=MOST_OPERATIONS)  # type: ignore[call-arg]  # of the list


class CallSerializer(_Call):
    """Whose operations are checked one by one, so that each can have its own result."""

    operations = serializers.ListField(min_length=1, max_length=MOST_OPERATIONS)


class ResultSerializer(StrictSerializer):
    """What became of one operation."""

    # What is not in every result is not `read_only`: the document would promise it.
    index = serializers.IntegerField(read_only=True)
    op = serializers.CharField(
        read_only=True, allow_null=True, help_text="Null where the operation had none."
    )
    status = serializers.IntegerField(
        read_only=True, help_text="201, 200 or 204; 400, 404 or 412 when it was left out."
    )
    task = TaskSerializer(required=False, help_text="As it is after all operations; with 412, now.")
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="Field → list of messages."
    )


class ResultsSerializer(StrictSerializer):
    results = ResultSerializer(many=True, read_only=True)
    succeeded = serializers.IntegerField(read_only=True)
    failed = serializers.IntegerField(read_only=True)


class Operations:
    """Checks operations with serializers that are made once: they cost more than the check."""

    def __init__(self) -> None:
        self._operation = _LooseOperation()
        self._tasks = {"create": TaskSerializer(), "update": TaskSerializer(partial=True)}

    def checked(self, body: Any) -> Operation:
        """Raises ValidationError, by field."""
        if body is None:  # whose message DRF would give no field
            raise serializers.ValidationError({"non_field_errors": ["Give an object."]})
        said = self._operation.run_validation(body)
        fields = self._fields(said["op"], said["task"]) if "task" in said else {}
        return Operation(said["op"], said.get("id"), fields, said.get("version"))

    def _fields(self, op: str, body: Any) -> dict[str, Any]:
        serializer = self._tasks[op]
        serializer.initial_data = body
        try:
            fields: dict[str, Any] = serializer.run_validation(body)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({"task": error.detail}) from error
        return fields
