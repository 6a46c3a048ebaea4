"""Taking everything away."""

from datetime import datetime

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.queries import Query
from accounts.rest import owner_of
from todo_project.api.query_parameters import parameters_of
from todo_project.portability import exporting
from todo_project.portability.importing import CALENDAR, JSON, ZIP
from todo_project.wire import JSONRenderer


class _ExportQuery(Query):
    format = serializers.ChoiceField(
        ("zip", "json", "ics"),
        required=False,
        help_text="Everything as an archive (`zip`, by default), or the tasks alone.",
    )


class AnyRenderer(JSONRenderer):
    """Whatever the client accepts: what an export is in, its query says."""

    media_type = "*/*"
    format = "any"


class ExportView(APIView):
    renderer_classes = (JSONRenderer, AnyRenderer)

    @extend_schema(
        operation_id="export_retrieve",
        parameters=parameters_of(_ExportQuery),
        responses={
            (200, ZIP): OpenApiTypes.BINARY,
            (200, CALENDAR): OpenApiTypes.BINARY,
            (200, JSON): {"type": "object"},
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All that the platform knows of you, as a file to keep or to import elsewhere."""
        query = _ExportQuery(request.query_params)
        query.is_valid(raise_exception=True)
        owner, now = owner_of(request), timezone.now()
        match query.validated_data.get("format", "zip"):
            case "json":
                answer: HttpResponseBase = StreamingHttpResponse(exporting.own_json(owner), JSON)
                return _attached(answer, now, "json")
            case "ics":
                answer = StreamingHttpResponse(exporting.calendar(owner), CALENDAR)
                return _attached(answer, now, "ics")
        file = exporting.archive(owner, now=now)
        return _attached(FileResponse(file, content_type=ZIP), now, "zip")


def _attached(answer: HttpResponseBase, now: datetime, ending: str) -> HttpResponseBase:
    answer["Content-Disposition"] = f'attachment; filename="tasks-{now:%Y-%m-%d}.{ending}"'
    return answer
