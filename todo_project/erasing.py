"""Erasing an account, and everything that is about it."""

from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.models import ExternalIdentity, User
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


@transaction.atomic
def erase_account(*, user: User, now: datetime) -> None:
    """Remove every row of `user` and every event about them, published or not, but for a last one.

    By set and not by row, children first: the memory does not grow with the account. Who writes
    for the same user at this moment is waited for, and who comes later finds nobody. Raises
    User.DoesNotExist when it is gone.
    """
    user_id = User.objects.select_for_update().get(pk=user.pk).pk
    for rows in _rows(user_id):
        rows._raw_delete(rows.db)
    _end_sessions(user_id)
    User.objects.get(pk=user_id).delete()
    outbox.record(AccountErased.of(user_id), actor=None, now=now)


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
        BlacklistedToken.objects.filter(token__user=user_id),
        OutstandingToken.objects.filter(user=user_id),
        Event.objects.filter(user_id=user_id),
    ]


_OWNED: Final = (Task, RecurringTask, Tag, Reminder, Notification)


def _told_by_the_admin(user_id: UUID) -> Q:
    """Entries of the admin's log name what they are about: a title, an address."""
    told = Q(user=user_id) | Q(object_id=str(user_id))
    for model in _OWNED:
        owned: QuerySet[Any] = model._default_manager.filter(user=user_id)
        ids = owned.annotate(text=Cast("pk", CharField())).values("text")
        told |= Q(
            content_type__app_label=model._meta.app_label,
            content_type__model=model._meta.model_name,
            object_id__in=ids,
        )
    return told


def _end_sessions(user_id: UUID) -> None:
    """Only their content says whose they are."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user_id):
            session.delete()
