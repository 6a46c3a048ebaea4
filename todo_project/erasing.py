"""Erasing an account, and everything that is about it."""

from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from psycopg.errors import DeadlockDetected, ForeignKeyViolation
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.models import ExternalIdentity, Session, User
from bridges import outbox
from bridges.events import DomainEvent
from bridges.models import Event
from notifications_app.models import Notification, Reminder
from recurrence_app.models import RecurringTask
from tasks_app.models import Tag, Task
from todo_project.models import KeptAnswer


class AccountErased(DomainEvent):
    """The last event of a user: forget whatever the earlier ones said."""

    type: ClassVar[str] = "account.erased.v1"
    aggregatetype: ClassVar[str] = "account"

    @classmethod
    def of(cls, user_id: UUID) -> "AccountErased":
        return cls(aggregateid=str(user_id), user_id=user_id, payload={"user_id": user_id})


class Busy(OperationalError):
    """So much is written for this user just now that nothing can be erased: try again."""


def erase_account(*, user: User, now: datetime) -> None:
    """Remove every row of `user` and every event about them, published or not, but for a last one.

    By set and not by row, children first: the memory does not grow with the account. Who writes
    for the same user at this moment is waited for, and who comes later finds nobody; where the two
    cross after all, everything is taken back and begun again. Raises User.DoesNotExist when it is
    gone, and Busy.
    """
    for left in reversed(range(_ATTEMPTS)):
        try:
            return _erase(user.pk, now)
        except DatabaseError as fault:
            if not isinstance(fault.__cause__, _CROSSED):
                raise
            if not left:
                raise Busy(f"User {user.pk} is written for all the time.") from fault


_ATTEMPTS: Final = 5
# A task that was made after the look-up, and is changed before it is deleted.
_CROSSED: Final = (DeadlockDetected, ForeignKeyViolation)


@transaction.atomic
def _erase(user_id: UUID, now: datetime) -> None:
    _hold(user_id)
    for rows in _rows(user_id):
        rows._raw_delete(rows.db)
    User.objects.get(pk=user_id).delete()
    outbox.record(AccountErased.of(user_id), actor=None, now=now)


def _hold(user_id: UUID) -> None:
    """Tasks, series, the user: in the order in which the other services take them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")  # many rows are worth the wait
        for owned in (Task, RecurringTask):
            cursor.execute(_LOCK.format(owned._meta.db_table), [user_id])
    User.objects.select_for_update().get(pk=user_id)


# Counted, since the ids themselves are of no use here.
_LOCK: Final = """
SELECT count(*) FROM (SELECT FROM {} WHERE user_id = %s ORDER BY id FOR UPDATE) AS held
"""


def _rows(user_id: UUID) -> list[QuerySet[Any]]:
    """What is about the user, in an order in which nothing refers to what is gone already."""
    tasks = Task.objects.filter(user=user_id)
    return [
        Reminder.objects.filter(user=user_id),
        Notification.objects.filter(user=user_id),
        Task.tags.through.objects.filter(task__in=tasks),
        LogEntry.objects.filter(_told_by_the_admin(user_id)),
        tasks,
        RecurringTask.objects.filter(user=user_id),
        Tag.objects.filter(user=user_id),
        KeptAnswer.objects.filter(user=user_id),
        ExternalIdentity.objects.filter(user=user_id),
        Session.objects.filter(user=user_id),
        BlacklistedToken.objects.filter(token__user=user_id),
        OutstandingToken.objects.filter(user=user_id),
        Event.objects.filter(user_id=user_id),
    ]


# With the names that their events have for them.
_OWNED: Final[dict[type[Model], str]] = {
    Task: "task",
    RecurringTask: "recurring-task",
    Tag: "tag",
    Reminder: "reminder",
    Notification: "notification",
}


def _told_by_the_admin(user_id: UUID) -> Q:
    """Entries of the admin's log name what they are about: a title, an address.

    What is gone already is known by its events.
    """
    told = Q(user=user_id) | Q(object_id=str(user_id))
    for model, name in _OWNED.items():
        owned: QuerySet[Any] = model._default_manager.filter(user=user_id)
        present = owned.annotate(text=Cast("pk", CharField())).values("text")
        known = Event.objects.filter(user_id=user_id, aggregatetype=name).values("aggregateid")
        told |= Q(
            Q(object_id__in=present) | Q(object_id__in=known),
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
        )
    return told
