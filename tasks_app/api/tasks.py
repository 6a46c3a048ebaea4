"""The REST door of tasks."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.preconditions import (
    PreconditionFailed,
    is_known,
    named_version,
    wanted_version,
    with_tag,
)
from accounts.rest import StrictSerializer, owner_of
from tasks_app import services
from tasks_app.finding import TaskQuery
from tasks_app.models import Task, TaskQuerySet
from tasks_app.serializers import TaskSerializer
from tasks_app.services.versions import check_version

PARTIAL = TaskSerializer(partial=True)


class TaskViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Task]):
    """The signed-in user's tasks; anybody else's are not there."""

    queryset = Task.objects.order_by("id")
    serializer_class = TaskSerializer
    query_class = TaskQuery
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> TaskQuerySet:
        tasks = Task.objects.owned_by(owner_of(self.request)).order_by("id")
        # The services read what they change themselves, under its lock.
        reads = self.action in ("list", "retrieve")
        return tasks.with_tag_names() if reads else tasks.only("pk", "version")

    def retrieve(self, request: Request, pk: str) -> Response:
        task = self.get_object()
        check_version(task, named_version(request, task))
        if is_known(request, task):
            return with_tag(Response(status=status.HTTP_304_NOT_MODIFIED), task)
        return self._answer(task)

    @extend_schema(responses={201: TaskSerializer})
    def create(self, request: Request) -> Response:
        """Make a task. Its tags are made by their names."""
        owner, checked = owner_of(request), self._checked(request)
        task = services.create_task(
            owner=owner, actor=owner, now=timezone.now(), **checked.validated_data
        )
        return self._answer(task, status=status.HTTP_201_CREATED)

    @extend_schema(request=PARTIAL)
    def update(self, request: Request, pk: str) -> Response:
        """Change the fields that are given; the others stay, as with PATCH."""
        task, checked = self.get_object(), self._checked(request, partial=True)
        task = services.update_task(
            task=task,
            actor=owner_of(request),
            now=timezone.now(),
            changes=checked.validated_data,
            version=wanted_version(request, task),
        )
        return self._answer(task)

    @extend_schema(request=PARTIAL)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the fields that are given."""
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a task. Its events stay in the log."""
        task = self.get_object()
        services.delete_task(
            task=task,
            actor=owner_of(request),
            now=timezone.now(),
            version=wanted_version(request, task),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def complete(self, request: Request, pk: str) -> Response:
        """Mark a task done; one that is done already stays as it is."""
        return self._move(services.complete_task)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Put a completed or cancelled task back to pending."""
        return self._move(services.reopen_task)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Give a task up; one that is cancelled already stays as it is."""
        return self._move(services.cancel_task)

    def _checked(
        self, request: Request, *, partial: bool = False
    ) -> serializers.BaseSerializer[Any]:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return serializer

    def _move(self, service: services.Move) -> Response:
        task = self.get_object()
        StrictSerializer(data=self.request.data).is_valid(raise_exception=True)  # nothing, or {}
        task = service(
            task=task,
            actor=owner_of(self.request),
            now=timezone.now(),
            version=wanted_version(self.request, task),
        )
        return self._answer(task)

    def _answer(self, task: Task, status: int = status.HTTP_200_OK) -> Response:
        return with_tag(Response(_shown(task), status=status), task)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, services.StaleVersion):
            exc = PreconditionFailed(version=exc.row.version, current=_shown(exc.row))
        return super().handle_exception(exc)


def _shown(task: Any) -> dict[str, Any]:
    return TaskSerializer().to_representation(task)
