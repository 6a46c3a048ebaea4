"""The REST door of tasks."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import owner_of
from tasks_app import services
from tasks_app.filters import TaskFilter
from tasks_app.models import Task, TaskQuerySet
from tasks_app.serializers import TaskSerializer


class TaskViewSet(mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Task]):
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> TaskQuerySet:
        return Task.objects.owned_by(owner_of(self.request)).order_by("id")

    def create(self, request: Request) -> Response:
        owner = owner_of(request)
        task = services.create_task(
            owner=owner, actor=owner, now=timezone.now(), **self._valid(request)
        )
        return self._answer(task, status.HTTP_201_CREATED)

    @extend_schema(request=TaskSerializer(partial=True))
    def update(self, request: Request, pk: str) -> Response:
        task = self.get_object()
        task = services.update_task(
            task=task,
            actor=owner_of(request),
            now=timezone.now(),
            changes=self._valid(request, task),
        )
        return self._answer(task)

    @extend_schema(request=TaskSerializer(partial=True))
    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        services.delete_task(task=self.get_object(), actor=owner_of(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        return self._move(services.complete_task)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        return self._move(services.reopen_task)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        return self._move(services.cancel_task)

    def _move(self, service: services.Move) -> Response:
        return self._answer(
            service(task=self.get_object(), actor=owner_of(self.request), now=timezone.now())
        )

    def _valid(self, request: Request, task: Task | None = None) -> dict[str, Any]:
        serializer = self.get_serializer(task, data=request.data, partial=task is not None)
        serializer.is_valid(raise_exception=True)
        valid: dict[str, Any] = serializer.validated_data
        return valid

    def _answer(self, task: Task, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(task).data, status=code)
