"""Our own JSON: tasks whole, as the export writes them and the import reads them."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import orjson
from rest_framework import serializers

from accounts.rest import StrictSerializer
from tasks_app.due import check_due, validate_instant
from tasks_app.models import Task
from tasks_app.serializers import InstantField, TaskSerializer
from todo_project.portability import json_entries
from todo_project.portability.calendar_entry import LONGEST_UID
from todo_project.portability.drafts import Draft, Drafts
from todo_project.portability.kept_text import LONGEST, MOST, NotKept, kept
from todo_project.portability.refusal import ImportRefused, told

FORMAT: Final = "task-platform/tasks/1"
LARGEST: Final = 10 * 1024 * 1024  # bytes of a file
HEAD: Final = b'{"format":"%s","tasks":[' % FORMAT.encode()
TAIL: Final = b"]}"
_SHOWN: Final = TaskSerializer()
# What a task has that its creation does not take.
_LEFT_OUT: Final = frozenset(
    {
        *("id", "version", "created_at", "updated_at", "notified"),
        *("is_recurring", "recurring_task_id", "occurrence"),
    }
)


class _Lines(serializers.ListField):
    def __init__(self) -> None:
        super().__init__(
            child=serializers.CharField(max_length=LONGEST, trim_whitespace=False), max_length=MOST
        )


class _Kept(StrictSerializer):
    lines = _Lines()
    alarms = _Lines()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            return kept(**attrs) or attrs
        except NotKept as error:
            raise serializers.ValidationError({error.part: [str(error)]}) from error


class _Draft(TaskSerializer):
    uid = serializers.CharField(
        source="calendar_uid", max_length=LONGEST_UID, required=False, allow_blank=True
    )
    completed_at = InstantField(required=False, allow_null=True, validators=[validate_instant])
    calendar = _Kept(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("completed_at") is None:
            attrs.pop("completed_at", None)
        elif attrs.get("status") != "completed":
            message = "Only a completed task has it."
            raise serializers.ValidationError({"completed_at": [message]})
        check_due(attrs.get("due_date"), attrs.get("due_at"), attrs.get("due_timezone"))
        return super().validate(attrs)


def entry(task: Task) -> bytes:
    """A task as our JSON has it: between HEAD and TAIL, with a comma between two."""
    said = {"uid": uid_of(task), **_SHOWN.to_representation(task), "calendar": task.calendar}
    return orjson.dumps(said, option=orjson.OPT_UTC_Z)


def uid_of(task: Task) -> str:
    """What a file calls it: as the file it came from did, or after the platform's own id."""
    return task.calendar_uid or f"task-{task.pk}@{task.user_id}"


def read(source: bytes) -> Drafts:
    """Raises ImportRefused, with a line for each fault."""
    tasks: list[Draft] = []
    faults, left_out = [], Counter[str]()
    draft = _Draft()
    for index, said in enumerate(_entries(source)):
        draft.initial_data = said
        try:
            tasks.append(draft.run_validation(said))
            left_out.update(name for name in said if name in _LEFT_OUT - {"id", "version"})
        except serializers.ValidationError as error:
            detail = orjson.dumps(error.detail, option=orjson.OPT_NON_STR_KEYS).decode()
            faults.append(f"tasks[{index}]: {detail[:500]}")
    if faults:
        raise ImportRefused(told(faults))
    return Drafts(tasks, left_out=left_out)


def _entries(source: bytes) -> Iterator[Any]:
    document, entries = json_entries.read(source, name="tasks")
    if document.get("format") != FORMAT or "tasks" not in document:
        raise ImportRefused([f"This is not our JSON: a “format”, “{FORMAT}”, and “tasks”."])
    return entries
