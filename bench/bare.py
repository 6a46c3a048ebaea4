"""Bare DRF views that run the statements of the product's create and list, and nothing else."""

from typing import Any

from django.db import transaction
from django.db.models import Model
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer
from rest_framework.views import APIView

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Task

PAGE = 20


class BareSerializer(ModelSerializer[Task]):
    class Meta:
        model = Task
        exclude = ("user",)


class Tasks(APIView):
    def get(self, request: Request) -> Response:
        user = User.objects.get(pk=request.headers["X-User"])
        tasks = Task.objects.filter(user=user).order_by("id").prefetch_related("tags")
        total = tasks.count()
        return Response({"items": BareSerializer(tasks[:PAGE], many=True).data, "total": total})

    def post(self, request: Request) -> Response:
        user = User.objects.get(pk=request.headers["X-User"])
        body: dict[str, str] = dict(request.data)
        now = timezone.now()
        with transaction.atomic():
            task = Task(user=user, title=body["title"], created_at=now, updated_at=now)
            task.save(force_insert=True)
            event = Event(
                aggregatetype="task",
                aggregateid=str(task.pk),
                type="task.created.v1",
                user_id=user.pk,
                actor_id=user.pk,
                payload=_columns(task),
                created_at=now,
                # Not the relay's to send: this measures statements, not events.
                published_at=now,
            )
            event.save(force_insert=True)
        return Response({"id": task.pk, **body}, status=201)


def _columns(row: Model) -> dict[str, Any]:
    return {field.attname: str(field.value_from_object(row)) for field in row._meta.fields}


urlpatterns = [path("api/tasks", Tasks.as_view())]
