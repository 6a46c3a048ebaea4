"""Changes of tasks, of one owner or of many, decided in memory and written together.

A single change and five hundred take the same way: the rules are the model's, and the number of
statements does not depend on the number of tasks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from bridges import outbox
from bridges.events import DomainEvent
from tasks_app.events import (
    TaskCancelled,
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskEvent,
    TaskReopened,
    TaskUpdated,
)
from tasks_app.metrics import TASKS_CREATED
from tasks_app.models import Priority, Status, Tag, Task
from tasks_app.services.naming import Name, ensure_tags

_COLUMNS: Final = [field.name for field in Task._meta.concrete_fields if not field.primary_key]
_MOVES: Final[dict[str, type[TaskEvent]]] = {
    Status.COMPLETED: TaskCompleted,
    Status.CANCELLED: TaskCancelled,
    Status.PENDING: TaskReopened,
}


class Batch:
    """Tasks that are changed have to be locked before, with their tags; `write` comes last."""

    def __init__(self, *, actor: User | None, now: datetime) -> None:
        self._actor = actor
        self._now = now
        self._created: list[Task] = []
        self._changed: dict[int, Task] = {}
        self._deleted: dict[int, Task] = {}
        self._worn: dict[int, set[int]] = {}  # task → its tags before, where they change
        self._journal: list[TaskEvent | Task] = []  # a task stands for its creation

    def create(self, *, owner: User, tags: Iterable[str] = (), **fields: Any) -> Task:
        """Raises ValidationError, as `update`, for a due time that makes no sense."""
        task = Task(user=owner, created_at=self._now, updated_at=self._now)
        task.change(fields, at=self._now)
        task.remember_tags(_named(tags))
        self._created.append(task)
        self._journal.append(task)
        return task

    def update(self, task: Task, changes: Mapping[str, Any]) -> None:
        """Set the fields in `changes`, `tags` (names) among them; without a difference, nothing."""
        was = task.status
        changed = task.change({k: v for k, v in changes.items() if k != "tags"}, at=self._now)
        if "tags" in changes and task.tag_names() != sorted(set(changes["tags"])):
            self.retag(task, changes["tags"])
            changed.add("tags")
        if changed:
            self._touch(task)
            self._journal += _events_of_update(task, changed=changed, was=was)

    def move(self, task: Task, status: Status) -> None:
        """To where it is already, nothing; an open task cannot be reopened."""
        if task.status == status or (status == Status.PENDING and task.is_open):
            return
        task.move_to(status, at=self._now)
        self._touch(task)
        self._journal.append(_MOVES[status].of(task))

    def delete(self, task: Task) -> None:
        self._journal.append(TaskDeleted.of(task))
        self._deleted[task.pk] = task

    def retag(self, task: Task, names: Iterable[str]) -> None:
        self._worn.setdefault(task.pk, {tag.pk for tag in task.tags.all()})
        task.remember_tags(_named(names))

    def write(self) -> None:
        """Rows first, then their events, whose handlers read them; what is deleted goes last."""
        changed = [task for pk, task in self._changed.items() if pk not in self._deleted]
        Task.objects.bulk_create(self._created)
        if changed:
            # They are there and locked: each row conflicts, and is updated.
            Task.objects.bulk_create(
                changed, update_conflicts=True, unique_fields=["id"], update_fields=_COLUMNS
            )
        retagged = [*self._created, *(task for task in changed if task.pk in self._worn)]
        events = self._write_tags(retagged)
        events += [
            TaskCreated.of(entry) if isinstance(entry, Task) else entry for entry in self._journal
        ]
        outbox.record_all(events, actor=self._actor, now=self._now)
        if self._deleted:
            Task.objects.filter(pk__in=self._deleted).delete()
        if self._created:
            # The numbers alone: a long transaction would keep all of its tasks until its end.
            made = Counter(
                (Priority(task.priority).label, str(task.is_recurring).lower())
                for task in self._created
            )
            transaction.on_commit(partial(_count, made))

    def _touch(self, task: Task) -> None:
        task.touch(at=self._now)
        self._changed[task.pk] = task

    def _write_tags(self, tasks: list[Task]) -> list[DomainEvent]:
        """Put the tags on and take them off; the events of those that had to be made."""
        names = {task.pk: [(task.user_id, name) for name in task.tag_names()] for task in tasks}
        wanted = {name for named in names.values() for name in named}
        found: dict[Name, Tag] = {}
        made: list[DomainEvent] = []
        if wanted:
            found, made = ensure_tags(names=wanted, now=self._now)
        pairs = {(pk, found[name].pk) for pk, named in names.items() for name in named}
        worn = {(pk, tag_id) for pk in names for tag_id in self._worn.get(pk, ())}
        if stripped := {pk for pk, _ in worn - pairs}:
            Task.tags.through.objects.filter(task_id__in=stripped).delete()
        rows = [
            Task.tags.through(task_id=pk, tag_id=tag_id)
            for pk, tag_id in sorted(pairs)
            if pk in stripped or (pk, tag_id) not in worn
        ]
        Task.tags.through.objects.bulk_create(rows)
        for task in tasks:
            task.remember_tags(found[name] for name in names[task.pk])
        return made


def _count(made: Counter[tuple[str, str]]) -> None:
    for (priority, recurs), number in made.items():
        TASKS_CREATED.labels(priority, recurs).inc(number)


def _named(names: Iterable[str]) -> list[Tag]:
    """Stand-ins, until the batch is written."""
    return [Tag(name=name) for name in sorted(set(names))]


def _events_of_update(task: Task, *, changed: set[str], was: str) -> list[TaskEvent]:
    """A change of the status is an event of its own, beside the update of the other fields."""
    turned = _turn(was, task.status)
    updated = changed - {"status"} if turned else changed
    events: list[TaskEvent] = [TaskUpdated.of(task, changed=updated)] if updated else []
    return [*events, turned.of(task)] if turned else events


def _turn(was: str, status: str) -> type[TaskEvent] | None:
    """The event that a change of status is; between pending and in progress it is an update."""
    if was == status:
        return None
    if status in (Status.COMPLETED, Status.CANCELLED):
        return _MOVES[status]
    return TaskReopened if was in (Status.COMPLETED, Status.CANCELLED) else None
