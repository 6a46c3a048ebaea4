"""The REST door of series."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.preconditions import PreconditionFailed, named_version, wanted_version, with_tag
from accounts.rest import StrictSerializer, owner_of
from recurrence_app import services
from recurrence_app.agenda import agenda
from recurrence_app.finding import RecurringTaskQuery
from recurrence_app.models import RecurringTask, RecurringTaskQuerySet
from recurrence_app.serializers import (
    AgendaSerializer,
    MoveSerializer,
    OccurrenceSerializer,
    RecurringTaskSerializer,
    SkipSerializer,
    SplitSerializer,
)
from recurrence_app.serializers.span import SPAN_PARAMETERS, SpanQuery
from tasks_app.serializers import TaskSerializer
from tasks_app.services import StaleVersion
from tasks_app.services.versions import check_version

PARTIAL = RecurringTaskSerializer(partial=True)


class RecurringTaskViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[RecurringTask]):
    """The signed-in user's series; anybody else's are not there."""

    queryset = RecurringTask.objects.order_by("id")
    serializer_class = RecurringTaskSerializer
    query_class = RecurringTaskQuery
    lookup_value_converter = "uuid"

    def get_queryset(self) -> RecurringTaskQuerySet:
        return RecurringTask.objects.owned_by(owner_of(self.request)).order_by("id")

    def retrieve(self, request: Request, pk: str) -> Response:
        # Never a 304: `last_error` changes without the version.
        series = self.get_object()
        check_version(series, named_version(request, series))
        return _answer(series)

    @extend_schema(responses={201: RecurringTaskSerializer})
    def create(self, request: Request) -> Response:
        """Make a series. It makes its tasks when their days come; `POST /api/tasks` with
        `recurrence` makes the first at once.
        """
        owner, said = owner_of(request), _checked(RecurringTaskSerializer(data=request.data))
        series = services.create_series(owner=owner, actor=owner, now=timezone.now(), **said)
        return _answer(series, status=status.HTTP_201_CREATED)

    @extend_schema(request=PARTIAL)
    def update(self, request: Request, pk: str) -> Response:
        """Change the fields that are given, for all tasks to come; the others stay, as with PATCH.

        Tasks that have been made keep what they have.
        """
        series = self.get_object()
        said = RecurringTaskSerializer(data=request.data, partial=True, context={"series": series})
        return _answer(
            services.update_series(
                series=series,
                actor=owner_of(request),
                now=timezone.now(),
                changes=_checked(said),
                version=wanted_version(request, series),
            )
        )

    @extend_schema(request=PARTIAL)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change the fields that are given, for all tasks to come.

        Tasks that have been made keep what they have.
        """
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a series. The tasks that it has made stay."""
        series = self.get_object()
        services.delete_series(
            series=series,
            actor=owner_of(request),
            now=timezone.now(),
            version=wanted_version(request, series),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Make no more tasks until it is resumed; one that is paused stays as it is."""
        return _answer(self._done(services.pause_series))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Go on with the next occurrence that is not past; what was missed meanwhile stays out."""
        return _answer(self._done(services.resume_series))

    @extend_schema(request=None, responses={201: TaskSerializer})
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        """Make the task of the next occurrence at once, whenever it is due.

        The answer is the task.
        """
        task = self._done(services.run_now)
        shown = TaskSerializer().to_representation(task)
        return with_tag(Response(shown, status=status.HTTP_201_CREATED), task)

    @extend_schema(request=SkipSerializer)
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """Leave one occurrence out. Its task, if it has an open one, is cancelled."""
        return _answer(self._done(services.skip_occurrence, SkipSerializer))

    @extend_schema(request=MoveSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Let one occurrence take place at another time. Its open task goes with it."""
        return _answer(self._done(services.move_occurrence, MoveSerializer))

    @extend_schema(request=SplitSerializer, responses={201: RecurringTaskSerializer})
    @action(detail=True, methods=["post"])
    def split(self, request: Request, pk: str) -> Response:
        """Change this occurrence and all that follow: they become a series of their own.

        The answer is the new series. The old one ends before it and keeps its history; open tasks
        from there on go over to the new one.
        """
        series = self.get_object()
        said = _checked(SplitSerializer(data=request.data, context={"series": series}))
        new = services.split_series(
            series=series,
            actor=owner_of(request),
            now=timezone.now(),
            occurrence=said.pop("occurrence"),
            changes=said,
            version=wanted_version(request, series),
        )
        return _answer(new, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=SPAN_PARAMETERS, responses=AgendaSerializer)
    @action(detail=True)
    def occurrences(self, request: Request, pk: str) -> Response:
        """What the series has in a span of time, 366 at the most: made, skipped, moved, to come."""
        series, query = self.get_object(), SpanQuery(request.query_params)
        query.is_valid(raise_exception=True)
        start, end = query.between(series, now=timezone.now())
        found, truncated = agenda(series, start=start, end=end)
        items = [OccurrenceSerializer().to_representation(each) for each in found]
        return Response({"items": items, "truncated": truncated})

    def _done(
        self, service: Any, serializer: type[serializers.Serializer[Any]] = StrictSerializer
    ) -> Any:
        series, said = self.get_object(), _checked(serializer(data=self.request.data))
        return service(
            series=series,
            actor=owner_of(self.request),
            now=timezone.now(),
            version=wanted_version(self.request, series),
            **said,
        )

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, StaleVersion):
            exc = PreconditionFailed(version=exc.row.version, current=_shown(exc.row))
        return super().handle_exception(exc)


def _checked(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    said: dict[str, Any] = serializer.validated_data
    return said


def _answer(series: RecurringTask, status: int = status.HTTP_200_OK) -> Response:
    return with_tag(Response(_shown(series), status=status), series)


def _shown(series: RecurringTask) -> dict[str, Any]:
    return RecurringTaskSerializer().to_representation(series)
