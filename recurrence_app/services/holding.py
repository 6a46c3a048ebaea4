"""A series and those of its tasks that change with it, held together.

Whoever completes a task locks the task first and then the series that goes on, so a change of
both takes them in this order too.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction

from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import name_of
from recurrence_app.rules import Local
from recurrence_app.services.series import locked
from tasks_app.models import Task, TaskQuerySet
from tasks_app.services import Busy

_ROUNDS: Final = 20  # of looking for tasks that have just been made


def hold(
    series: RecurringTask, tasks: TaskQuerySet, *, version: int | None
) -> tuple[RecurringTask, list[Task]]:
    """The series and `tasks` of it, as they are now.

    A task that is made after the look-up would be left out: then all is let go and looked up
    again. Raises RecurringTask.DoesNotExist, StaleVersion, Busy.
    """
    for _ in range(_ROUNDS):
        start = transaction.savepoint()
        held = list(tasks.with_tags().select_for_update().order_by("pk"))
        series = locked(series, version)
        if set(tasks.values_list("pk", flat=True)) <= {task.pk for task in held}:
            transaction.savepoint_commit(start)
            for task in held:
                task.user = series.user
            return series, held
        transaction.savepoint_rollback(start)
    raise Busy(f"Series {series.pk} makes tasks all the time.")


def tasks_of(series: RecurringTask) -> TaskQuerySet:
    """Those that it has made. Served by the index of the unique constraint."""
    return Task.objects.filter(recurring_task_id=series.pk).exclude(occurrence="")


def name_in(series: RecurringTask, said: Local) -> str:
    """A day stands for the occurrence at the usual time of that day."""
    series.refresh_from_db(fields=["due_time"])
    is_day = isinstance(said, date) and not isinstance(said, datetime)
    if is_day and series.due_time is not None:
        return name_of(datetime.combine(said, series.due_time))
    return name_of(said)
