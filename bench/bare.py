"""Bare DRF views that run the statements of the product, and nothing else.

No token, no validation, no limits, no versions, no log: what Django, DRF and PostgreSQL cost.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.http import QueryDict
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer, ReadOnlyField
from rest_framework.views import APIView

from accounts.models import User
from bridges.models import Event
from notifications_app.models import Notification, Reminder
from tasks_app.models import Task, TaskQuerySet
from tasks_app.search import Fits, Rank, by_relevance

COLUMNS = [field.name for field in Task._meta.concrete_fields if not field.primary_key]


class BareSerializer(ModelSerializer[Task]):
    tags = ReadOnlyField(source="tag_names")

    class Meta:
        model = Task
        exclude = ("user", "calendar", "calendar_uid")


class Tasks(APIView):
    def get(self, request: Request) -> Response:
        found = _found(_user(request), request.query_params)
        total = found.count()
        rows = found.with_tag_names()[: int(request.query_params.get("limit", "20"))]
        return Response({"items": BareSerializer(rows, many=True).data, "total": total})

    def post(self, request: Request) -> Response:
        user, now, fields = _user(request), timezone.now(), dict(request.data)
        with transaction.atomic():
            task = Task(user=user, created_at=now, updated_at=now, **fields)
            task.remember_tags([])
            Task.objects.bulk_create([task])
            _record(task, "task.created.v1")
        return Response(BareSerializer(task).data, status=201)


class OneTask(APIView):
    def get(self, request: Request, pk: int) -> Response:
        task = Task.objects.filter(user=_user(request)).with_tag_names().get(pk=pk)
        return Response(BareSerializer(task).data)

    def patch(self, request: Request, pk: int) -> Response:
        task = _change(request, pk, dict(request.data), "task.updated.v1")
        return Response(BareSerializer(task).data)


class Move(APIView):
    """Complete or reopen, with the look at what would still remind of it."""

    def post(self, request: Request, pk: int, move: str) -> Response:
        done = move == "complete"
        fields = {
            "status": "completed" if done else "pending",
            "completed_at": timezone.now() if done else None,
        }
        with transaction.atomic():
            task = _change(request, pk, fields, f"task.{move}.v1")
            reminders = Reminder.objects.filter(task=task).select_for_update(of=("self",))
            list(reminders.filter(state="scheduled").order_by("id") if done else reminders)
            if done:
                open_ = Notification.objects.filter(task=task, status__in=("pending", "sending"))
                open_.filter(cancelled_at=None).update(cancelled_at=timezone.now())
        return Response(BareSerializer(task).data)


def _user(request: Request) -> User:
    return User.objects.get(pk=request.headers["X-User"])


def _found(user: User, asked: QueryDict) -> TaskQuerySet:
    found = Task.objects.filter(user=user)
    if "status" in asked:
        found = found.filter(status__in=asked.getlist("status"))
    if "priority" in asked:
        found = found.filter(priority__in=[3])
    if "tag" in asked:
        worn = Task.tags.through.objects.filter(tag__user=user, tag__name__in=[asked["tag"]])
        found = found.filter(pk__in=worn.values("task_id"))
    if "q" in asked:
        found = found.filter(Fits(Value(asked["q"])))
        found.exists()
        return by_relevance(found.annotate(relevance=Rank(Value(asked["q"]))))
    if "sort_by" in asked:
        return found.with_due(user).order_by(F("due").asc(nulls_last=True), "id")
    return found.order_by("id")


def _change(request: Request, pk: int, fields: Mapping[str, Any], event: str) -> Task:
    Task.objects.filter(user=_user(request)).only("pk", "version").get(pk=pk)
    with transaction.atomic():
        task = Task.objects.with_tags().select_for_update().get(pk=pk)
        for name, value in fields.items():
            setattr(task, name, value)
        task.version, task.updated_at = task.version + 1, timezone.now()
        Task.objects.bulk_create(
            [task], update_conflicts=True, unique_fields=["id"], update_fields=COLUMNS
        )
        _record(task, event)
    return task


def _record(task: Task, type_: str) -> None:
    event = Event(
        aggregatetype="task",
        aggregateid=str(task.pk),
        type=type_,
        user_id=task.user_id,
        actor_id=task.user_id,
        payload={field.attname: str(field.value_from_object(task)) for field in task._meta.fields},
        created_at=timezone.now(),
    )
    Event.objects.bulk_create([event])


urlpatterns = [
    path("api/tasks", Tasks.as_view()),
    path("api/tasks/<int:pk>", OneTask.as_view()),
    path("api/tasks/<int:pk>/<str:move>", Move.as_view()),
]
