"""Everything that can be done to a task: the row and its event in one transaction.

All but creation raise Task.DoesNotExist when the task is gone, and StaleVersion when it is
another than `version`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction

from accounts.models import User
from tasks_app.models import Status, Task
from tasks_app.services.batch import Batch
from tasks_app.services.versions import check_version


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
    batch = Batch(actor=actor, now=now)
    task = batch.create(owner=owner, tags=tags, **fields)
    batch.write()
    return task


@transaction.atomic
def create_tasks(
    *, owner: User, actor: User, now: datetime, drafts: Iterable[Mapping[str, Any]]
) -> list[Task]:
    """As `create_task` for each of `drafts`, by a constant number of statements."""
    batch = Batch(actor=actor, now=now)
    tasks = [batch.create(owner=owner, **draft) for draft in drafts]
    batch.write()
    return tasks


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
    update of the other fields.
    """
    task, batch = _locked(task, version), Batch(actor=actor, now=now)
    batch.update(task, changes)
    batch.write()
    return task


def complete_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> Task:
    """Mark a task done; a task already done stays as it is."""
    return _move(task, Status.COMPLETED, actor=actor, now=now, version=version)


def reopen_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> Task:
    """Put a completed or cancelled task back to pending; an open one stays as it is."""
    return _move(task, Status.PENDING, actor=actor, now=now, version=version)


def cancel_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> Task:
    """Give a task up; one already cancelled stays as it is."""
    return _move(task, Status.CANCELLED, actor=actor, now=now, version=version)


@transaction.atomic
def delete_task(*, task: Task, actor: User, now: datetime, version: int | None = None) -> None:
    """Remove a task; its events stay."""
    task, batch = _locked(task, version), Batch(actor=actor, now=now)
    batch.delete(task)
    batch.write()


@transaction.atomic
def _move(task: Task, status: Status, *, actor: User, now: datetime, version: int | None) -> Task:
    task, batch = _locked(task, version), Batch(actor=actor, now=now)
    batch.move(task, status)
    batch.write()
    return task


def _locked(task: Task, version: int | None) -> Task:
    task = Task.objects.locked(task)
    check_version(task, version)
    return task
