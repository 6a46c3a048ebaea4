"""The REST door of a task's history."""

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import Query
from accounts.rest import owner_of
from bridges.models import Event, EventQuerySet
from tasks_app import history
from tasks_app.models import Task
from tasks_app.serializers import HistorySerializer
from tasks_app.sorting import ORDERS


class HistoryQuery(Query):
    sort_order = serializers.ChoiceField(
        ORDERS, required=False, help_text="By default desc: what happened last comes first."
    )

    def narrow(self, rows: EventQuerySet, *, request: Request) -> EventQuerySet:
        oldest_first = self.validated_data.get("sort_order") == "asc"
        return rows.order_by("seq" if oldest_first else "-seq")


class TaskHistory(generics.ListAPIView[Event]):
    """What happened to a task, as long as the event log keeps it; of a deleted task, too."""

    queryset = Event.objects.none()  # its model, for the OpenAPI document
    serializer_class = HistorySerializer
    query_class = HistoryQuery

    def get_queryset(self) -> EventQuerySet:
        owner, task_id = owner_of(self.request), self.kwargs["task_id"]
        return Event.objects.filter(
            user_id=owner.pk, aggregatetype="task", aggregateid=str(task_id)
        )

    def list(self, request: Request, *args: Any, **options: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        if not page:
            self._check_task()
        return self.get_paginated_response([self._shown(entry) for entry in self._entries(page)])

    def _entries(self, page: Sequence[Event]) -> Sequence[history.Entry]:
        """In the order of the page, whichever that is."""
        oldest_first = sorted(page, key=lambda event: event.seq)
        earlier: Sequence[Event] = []
        if page:
            before = self.get_queryset().filter(seq__lt=oldest_first[0].seq).order_by("-seq")
            earlier = list(before[: history.MOST_A_VERSION])[::-1]
        told = {entry.event.seq: entry for entry in history.entries(oldest_first, earlier=earlier)}
        return [told[event.seq] for event in page]

    def _check_task(self) -> None:
        """Raise Http404 unless there is such a task, or there was one."""
        if not self.get_queryset().exists():
            owned = Task.objects.owned_by(owner_of(self.request))
            get_object_or_404(owned, pk=self.kwargs["task_id"])

    def _shown(self, entry: history.Entry) -> dict[str, Any]:
        return HistorySerializer().to_representation(entry)
