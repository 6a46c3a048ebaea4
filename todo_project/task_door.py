"""The REST door of tasks, which are made with their series and reminders."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error

from accounts.rest import owner_of
from notifications_app.serializers import ReminderSerializer
from notifications_app.services import ReminderRefused
from notifications_app.services.reminders import MOST_A_TASK
from recurrence_app.serializers import RecurrenceSerializer
from tasks_app.api import TaskViewSet
from tasks_app.models import OPEN
from tasks_app.serializers import TaskSerializer
from todo_project.whole_tasks import create_whole_task

# What of a series its first task says in its own words.
_OF_TASK: Final = {"start_date": "due_date", "due_time": "due_at", "timezone": "due_timezone"}


@extend_schema_serializer(component_name="Task")  # its request; what is answered is a task
class WholeTaskSerializer(TaskSerializer):
    recurrence = RecurrenceSerializer(
        required=False,
        allow_null=True,
        write_only=True,
        help_text="Makes a series as well, which begins when the task is due; the task is its"
        " first. {date} and the like in the title are those of a series.",
    )
    reminders = ReminderSerializer(  # type: ignore[call-arg]  # of the list
        many=True,
        required=False,
        allow_null=True,
        write_only=True,
        max_length=MOST_A_TASK,
        help_text="With `recurrence`, all of its tasks get those by `offset_minutes`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        attrs["reminders"] = attrs.get("reminders") or []
        if attrs.get("recurrence") is not None:
            _check_first(attrs)
        return attrs


def _check_first(said: dict[str, Any]) -> None:
    if not (said.get("due_date") or said.get("due_at")):
        message = "A task that recurs needs `due_date` or `due_at`: its series begins there."
        raise serializers.ValidationError({"due_date": [message]})
    if said.get("status", OPEN[0]) not in OPEN:
        message = "The first task of a series is still to be done."
        raise serializers.ValidationError({"status": [message]})


class WholeTaskViewSet(TaskViewSet):
    """The signed-in user's tasks; anybody else's are not there."""

    @extend_schema(request=WholeTaskSerializer, responses={201: TaskSerializer})
    def create(self, request: Request) -> Response:
        """Make a task, and with it its series and reminders. Its tags are made by their names."""
        owner, asked = owner_of(request), WholeTaskSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            task = create_whole_task(
                owner=owner, actor=owner, now=timezone.now(), **asked.validated_data
            )
        except ReminderRefused as refusal:
            raise serializers.ValidationError({"reminders": [str(refusal)]}) from refusal
        except ValidationError as refusal:
            raise serializers.ValidationError(_by_field(as_serializer_error(refusal))) from refusal
        return self._answer(task, status=status.HTTP_201_CREATED)


def _by_field(errors: dict[str, Any]) -> dict[str, Any]:
    """What the series refuses, where this body says it."""
    told: dict[str, Any] = {}
    for name, messages in errors.items():
        if name in _OF_TASK:
            told[_OF_TASK[name]] = messages
        elif name in TaskSerializer._declared_fields or name == "reminders":
            told[name] = messages
        else:
            told.setdefault("recurrence", {})[name] = messages
    return told
