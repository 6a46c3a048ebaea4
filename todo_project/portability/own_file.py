"""Our own JSON: tasks whole, as the export writes them and the import reads them."""

from collections import Counter
from typing import Any, Final

import orjson
from rest_framework import serializers

from accounts.rest import StrictSerializer
from tasks_app.due import check_due
from tasks_app.models import Task
from tasks_app.serializers import InstantField, TaskSerializer
from todo_project.portability.calendar_entry import LONGEST_KEPT, LONGEST_UID, MOST_KEPT
from todo_project.portability.refusal import MOST_ENTRIES, ImportRefused, told

FORMAT: Final = "task-platform/tasks/1"
_SHOWN: Final = TaskSerializer()
# What a task has that its creation does not take.
_LEFT_OUT: Final = frozenset(
    {"id", "version", "notified", "is_recurring", "recurring_task_id", "created_at", "updated_at"}
)


class _Lines(serializers.ListField):
    def __init__(self) -> None:
        super().__init__(
            child=serializers.CharField(max_length=LONGEST_KEPT, trim_whitespace=False),
            max_length=MOST_KEPT,
        )


class _Kept(StrictSerializer):
    lines = _Lines()
    alarms = _Lines()


class _Draft(TaskSerializer):
    uid = serializers.CharField(
        source="calendar_uid", max_length=LONGEST_UID, required=False, allow_blank=True
    )
    completed_at = InstantField(required=False, allow_null=True)
    calendar = _Kept(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("completed_at") is None:
            attrs.pop("completed_at", None)
        elif attrs.get("status") != "completed":
            message = "Only a completed task has it."
            raise serializers.ValidationError({"completed_at": [message]})
        check_due(attrs.get("due_date"), attrs.get("due_at"), attrs.get("due_timezone"))
        return super().validate(attrs)


def entry(task: Task) -> dict[str, Any]:
    """A task as our JSON has it."""
    return {"uid": uid_of(task), **_SHOWN.to_representation(task), "calendar": task.calendar}


def uid_of(task: Task) -> str:
    """What a file calls it: as the file it came from did, or after the platform's own id."""
    return task.calendar_uid or f"task-{task.pk}@{task.user_id}"


def whole(entries: list[dict[str, Any]]) -> bytes:
    return orjson.dumps({"format": FORMAT, "tasks": entries}, option=orjson.OPT_UTC_Z)


def read(source: bytes) -> tuple[list[dict[str, Any]], Counter[str]]:
    """The fields of its tasks as `create_tasks` takes them, and what was left out, by name.

    Raises ImportRefused, with a line for each fault.
    """
    drafts, faults, left_out = [], [], Counter[str]()
    draft = _Draft()
    for index, said in enumerate(_entries(source)):
        draft.initial_data = said
        try:
            drafts.append(draft.run_validation(said))
            left_out.update(name for name in said if name in _LEFT_OUT - {"id", "version"})
        except serializers.ValidationError as error:
            faults.append(f"tasks[{index}]: {orjson.dumps(error.detail).decode()[:500]}")
    if faults:
        raise ImportRefused(told(faults))
    return drafts, left_out


def _entries(source: bytes) -> list[Any]:
    try:
        document = orjson.loads(source)
    except orjson.JSONDecodeError as error:
        raise ImportRefused([f"This is not JSON: {error}"]) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ImportRefused([f"This is not our JSON: it begins with “format”: “{FORMAT}”."])
    entries = document.get("tasks")
    if not isinstance(entries, list):
        raise ImportRefused(["“tasks” is not a list."])
    if len(entries) > MOST_ENTRIES:
        raise ImportRefused([f"There are {len(entries):,} tasks; {MOST_ENTRIES:,} is the most."])
    return entries
