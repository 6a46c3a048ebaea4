"""What the event log says, told again from the beginning, beside what the tables hold."""

from collections import defaultdict
from itertools import groupby
from typing import Any

import orjson

from bridges.models import Event
from tasks_app.models import Priority, Tag, Task

State = dict[str, Any]

# What each name in `changed` may have changed of an event's data.
_DUE = {"due_date", "due_at", "due_timezone"}
TELLS = {"priority": {"priority", "priority_id"}, **dict.fromkeys(_DUE, _DUE)}
TURNS = {"completed": "task.completed.v1", "cancelled": "task.cancelled.v1"}
CLOSED = TURNS.keys()
ENDS = {"task.deleted.v1", "tag.deleted.v1", "tag.merged.v1"}


def check() -> None:
    """The tables and the log tell the same of each task and each tag."""
    assert _told("task") == {task.pk: _task(task) for task in Task.objects.with_tags()}
    assert _told("tag") == {tag.pk: _tag(tag) for tag in Tag.objects.all()}


def _told(kind: str) -> dict[int, State]:
    """What there is by the log alone: each thing as its events leave it."""
    histories: dict[int, list[Event]] = defaultdict(list)
    for event in Event.objects.filter(aggregatetype=kind).order_by("seq"):
        histories[int(event.aggregateid)].append(event)
    states = {pk: _folded(kind, events) for pk, events in histories.items()}
    return {pk: state for pk, state in states.items() if state is not None}


def _folded(kind: str, events: list[Event]) -> State | None:
    """None: it was removed, which is the last that is told of it."""
    first, *changes = events
    end = changes.pop() if changes and changes[-1].type in ENDS else None
    assert first.type == f"{kind}.created.v1"
    assert first.payload["version"] == 1
    state = _data(first)
    for _, group in groupby(changes, key=lambda event: event.payload["version"]):
        state = _changed(kind, state, list(group))
    if end is None:
        return state
    assert _data(end) == state
    return None


def _changed(kind: str, was: State, events: list[Event]) -> State:
    """The state after one change, each part of which has its own event and its own reason."""
    now = _data(events[0])
    assert [_data(event) for event in events] == [now] * len(events)
    assert now["version"] == was["version"] + 1
    assert now["updated_at"] >= was["updated_at"]

    differing = {name for name in now if now[name] != was[name]} - {"version", "updated_at"}
    turn = _turn(was, now)
    turned = {"status", "completed_at"} if turn else set()
    updated = [f"{kind}.updated.v1"] if differing - turned else []
    assert [event.type for event in events] == [*updated, *turn]

    reasons = [TELLS.get(name, {name}) for name in events[0].payload.get("changed", ())]
    assert all(reason & differing for reason in reasons), "this did not change"
    assert differing <= turned.union(*reasons), "this changed for no reason"
    return now


def _turn(was: State, now: State) -> list[str]:
    """The event of a task that was closed or opened. Between open states it is an update."""
    before, after = was.get("status"), now.get("status")
    if before == after or (before not in CLOSED and after not in CLOSED):
        return []
    return [TURNS.get(str(after), "task.reopened.v1")]


def _data(event: Event) -> State:
    """Without what is about the event and not about the thing."""
    about_the_event = ("changed", "into_tag_id", "into_name")
    return {k: v for k, v in event.payload.items() if k not in about_the_event}


def _task(task: Task) -> State:
    return _json(
        task_id=task.pk,
        user_id=task.user_id,
        title=task.title,
        description=task.description,
        status=task.status,
        priority=Priority(task.priority).label,
        priority_id=task.priority,
        tags=sorted(tag.name for tag in task.tags.all()),
        due_date=task.due_day(),
        due_at=task.due_at,
        due_timezone=task.due_timezone or None,
        notified=task.notified,
        is_recurring=task.is_recurring,
        recurring_task_id=task.recurring_task_id,
        occurrence=task.occurrence or None,
        version=task.version,
        created_at=task.created_at,
        updated_at=task.updated_at,
        completed_at=task.completed_at,
    )


def _tag(tag: Tag) -> State:
    return _json(
        tag_id=tag.pk,
        user_id=tag.user_id,
        name=tag.name,
        color=tag.color or None,
        version=tag.version,
        created_at=tag.created_at,
        updated_at=tag.updated_at,
    )


def _json(**fields: Any) -> State:
    """As the log keeps it."""
    written: State = orjson.loads(orjson.dumps(fields))
    return written
