"""Many operations in one transaction, each with its own result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from tasks_app.models import Status, Task
from tasks_app.services.batch import Batch
from tasks_app.services.versions import StaleVersion, check_version

MOVES = {
    "complete": Status.COMPLETED,
    "reopen": Status.PENDING,
    "cancel": Status.CANCELLED,
}
Refusal = ValidationError | StaleVersion | Task.DoesNotExist


@dataclass(frozen=True)
class Operation:
    """`op` is create, update, delete or one of MOVES; all but create name a task.

    `fields` are those of the task, `tags` (names) among them.
    """

    op: str
    task_id: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


class Refused(Exception):
    """Nothing was done; `refusals` says of each operation that could not be why."""

    def __init__(self, refusals: dict[int, Refusal]) -> None:
        super().__init__(f"{len(refusals)} operations can't be done.")
        self.refusals = refusals


@transaction.atomic
def run_operations(
    *, owner: User, actor: User, now: datetime, operations: Iterable[Operation], whole: bool
) -> list[Task | Refusal]:
    """Do them in their order, by a constant number of statements; the task of each, as it is then.

    With `whole`, one that can't be done refuses all: raises Refused. Without, it is left out and
    its refusal stands in its place. More tags than a user may have, though, are found out when all
    is written: ValidationError, whatever `whole` says. Tasks are locked in the order of their ids,
    so that two calls about the same tasks never wait for each other.
    """
    wanted = list(operations)
    tasks = _locked(owner, {each.task_id for each in wanted if each.task_id is not None})
    batch = Batch(actor=actor, now=now)
    results = [_done(each, tasks, batch, owner) for each in wanted]
    refusals = {index: each for index, each in enumerate(results) if not isinstance(each, Task)}
    if whole and refusals:
        raise Refused(refusals)
    batch.write()
    return results


def _locked(owner: User, ids: set[int]) -> dict[int, Task]:
    found = Task.objects.owned_by(owner).filter(pk__in=ids).with_tags()
    tasks = {task.pk: task for task in found.select_for_update().order_by("pk")}
    for task in tasks.values():
        task.user = owner  # whose zone a due time without one is in
    return tasks


def _done(wanted: Operation, tasks: dict[int, Task], batch: Batch, owner: User) -> Task | Refusal:
    try:
        if wanted.task_id is None:
            return batch.create(owner=owner, **wanted.fields)
        task = tasks.get(wanted.task_id)
        if task is None:
            raise Task.DoesNotExist
        check_version(task, wanted.version)
        _apply(wanted, task, batch)
    except (ValidationError, StaleVersion, Task.DoesNotExist) as refusal:
        return refusal
    if wanted.op == "delete":
        del tasks[task.pk]  # what comes after finds it gone
    return task


def _apply(wanted: Operation, task: Task, batch: Batch) -> None:
    if wanted.op == "update":
        batch.update(task, wanted.fields)
    elif wanted.op == "delete":
        batch.delete(task)
    else:
        batch.move(task, MOVES[wanted.op])
