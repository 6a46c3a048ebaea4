"""Everything that can be done to a task: the row and its event in one transaction."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from accounts.models import User
from bridges import outbox
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


class StaleVersion(Exception):
    """Somebody has changed the task since; `task` is how it is now."""

    def __init__(self, task: Task) -> None:
        super().__init__(f"Task {task.pk} has version {task.version} by now.")
        self.task = task


class Move(Protocol):
    """A service that moves a task to another status."""

    def __call__(
        self, *, task: Task, actor: User, now: datetime, version: int | None = None
    ) -> Task: ...


@transaction.atomic
def create_task(
    *, owner: User, actor: User, now: datetime, tags: Iterable[str] = (), **fields: Any
) -> Task:
    """Make a task of `owner`'s; `fields` are those of the model. Tags are made by name."""
    task = Task(user=owner, created_at=now, updated_at=now)
    task.change(fields, at=now)
    task.save(force_insert=True)
    task.remember_tags([])
    _tag(task, tags)
    outbox.record(TaskCreated.of(task), actor=actor, now=now)
    transaction.on_commit(lambda: _count(task))
    return task


@transaction.atomic
def update_task(
    *,
    task: Task,
    actor: User,
    now: datetime,
    changes: Mapping[str, Any],
    version: int | None = None,
) -> Task:
    """Set the fields in `changes`, `tags` (names) among them; without a difference, nothing.

    A change of the status records what it means (completed, reopened, cancelled) beside the
    update of the other fields. Raises Task.DoesNotExist when the task is gone, and StaleVersion
    when it is another than `version`, as all services here that take one.
    """
    task = _locked(task, version)
    was = task.status
    changed = task.change({k: v for k, v in changes.items() if k != "tags"}, at=now)
    if "tags" in changes and task.tag_names() != sorted(set(changes["tags"])):
        _tag(task, changes["tags"])
        changed.add("tags")
    if not changed:
        return task
    task.touch(at=now)
    task.save(force_update=True)
    for event in _events_of_update(task, changed=changed, was=was):
        outbox.record(event, actor=actor, now=now)
    return task


@transaction.atomic
def complete_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> Task:
    """Mark a task done; a task already done stays as it is."""
    return _move(task, Status.COMPLETED, TaskCompleted, actor=actor, now=now, version=version)


@transaction.atomic
def reopen_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> Task:
    """Put a completed or cancelled task back to pending; an open one stays as it is."""
    return _move(task, Status.PENDING, TaskReopened, actor=actor, now=now, version=version)


@transaction.atomic
def cancel_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> Task:
    """Give a task up; one already cancelled stays as it is."""
    return _move(task, Status.CANCELLED, TaskCancelled, actor=actor, now=now, version=version)


@transaction.atomic
def delete_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> None:
    """Remove a task; its events stay. Raises Task.DoesNotExist when it is gone already."""
    task = _locked(task, version)
    event = TaskDeleted.of(task)
    outbox.record(event, actor=actor, now=now)
    task.delete()


def _locked(task: Task, version: int | None) -> Task:
    task = Task.objects.locked(task)
    if version is not None and task.version != version:
        raise StaleVersion(task)
    return task


def _move(
    task: Task,
    status: Status,
    event: type[TaskEvent],
    *,
    actor: User,
    now: datetime,
    version: int | None,
) -> Task:
    task = _locked(task, version)
    if task.status == status or (status == Status.PENDING and task.is_open):
        return task
    task.move_to(status, at=now)
    task.touch(at=now)
    task.save(force_update=True)
    outbox.record(event.of(task), actor=actor, now=now)
    return task


def _events_of_update(task: Task, *, changed: set[str], was: str) -> Iterator[TaskEvent]:
    turned = _turn(was, task.status)
    updated = changed - {"status"} if turned else changed
    if updated:
        yield TaskUpdated.of(task, changed=updated)
    if turned:
        yield turned.of(task)


def _turn(was: str, status: str) -> type[TaskEvent] | None:
    """The event that a change of status is; between pending and in progress it is an update."""
    if was == status:
        return None
    if status == Status.COMPLETED:
        return TaskCompleted
    if status == Status.CANCELLED:
        return TaskCancelled
    return TaskReopened if was in (Status.COMPLETED, Status.CANCELLED) else None


def _tag(task: Task, names: Iterable[str]) -> None:
    """Give the task exactly the tags of these names; whoever makes a tag second, finds it."""
    wanted = sorted(set(names))
    task.set_tags(_tags(task, wanted) if wanted else [])


def _tags(task: Task, names: list[str]) -> list[Tag]:
    known = Tag.objects.filter(user_id=task.user_id, name__in=names)
    found = list(known)
    if missing := set(names) - {tag.name for tag in found}:
        # In order: two transactions that make the same tags would wait for each other otherwise.
        new = [Tag(user_id=task.user_id, name=name) for name in sorted(missing)]
        Tag.objects.bulk_create(new, ignore_conflicts=True)
        found = list(known.all())
    return found


def _count(task: Task) -> None:
    TASKS_CREATED.labels(Priority(task.priority).label, str(task.is_recurring).lower()).inc()
