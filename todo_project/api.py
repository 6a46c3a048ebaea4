"""The REST door of what spans all apps: import, export, the end of an account."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any, Final, cast

import orjson
import structlog
from django.db import DatabaseError
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import parsers, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import MeView
from accounts.models import User
from accounts.queries import Query
from accounts.rest import StrictSerializer, answers, owner_of
from accounts.serializers import PasswordField
from accounts.throttling import PasswordsOfUser
from todo_project import erasing, problems
from todo_project.portability import exporting, importing
from todo_project.portability.importing import CALENDAR, JSON, ZIP, Progress, Report
from todo_project.portability.refusal import ImportRefused
from todo_project.wire import BodyTooLarge, JSONRenderer

LINES: Final = "application/x-ndjson"
_log = structlog.get_logger(__name__)


class FileParser(parsers.BaseParser):
    """The kind of the file and its bytes, up to as many as one of its kind may have."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        largest = importing.LARGEST[self.media_type]
        source = stream.read(largest + 1)
        if len(source) > largest:
            raise BodyTooLarge(largest)
        return self.media_type, source


class CalendarParser(FileParser):
    media_type = CALENDAR


class OwnFileParser(FileParser):
    media_type = JSON


class ArchiveParser(FileParser):
    media_type = ZIP


class LinesRenderer(JSONRenderer):
    media_type = LINES
    format = "ndjson"


class _ImportQuery(Query):
    dry_run = serializers.ChoiceField(("true", "false"), required=False)
    duplicates = serializers.ChoiceField(("skip", "keep"), required=False)


class ReportSerializer(StrictSerializer):
    created = serializers.IntegerField(read_only=True)
    skipped = serializers.IntegerField(read_only=True, help_text="Tasks whose UID you had already.")
    kept = serializers.DictField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="What stays with its task unread and comes back in an export: name → how often.",
    )
    not_understood = serializers.DictField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text="What was left out: name → how often.",
    )
    dry_run = serializers.BooleanField(read_only=True)


class ImportView(APIView):
    parser_classes = (CalendarParser, OwnFileParser, ArchiveParser)
    renderer_classes = (JSONRenderer, LinesRenderer)

    @extend_schema(
        operation_id="import_create",
        parameters=[
            OpenApiParameter(
                "dry_run",
                enum=["true", "false"],
                description="Report what would be, and keep nothing.",
            ),
            OpenApiParameter(
                "duplicates",
                enum=["skip", "keep"],
                description="What happens to tasks whose UID you have already; `skip` by default.",
            ),
        ],
        request={
            CALENDAR: OpenApiTypes.BINARY,
            JSON: {"type": "object", "description": "A tasks-0001.json of an export."},
            ZIP: OpenApiTypes.BINARY,
        },
        responses=answers({200: ReportSerializer}, 400, 401, 413, 415),
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Make tasks of a file, all or none: a calendar (.ics, 5 MiB), our own JSON (10 MiB), or
        the archive of an export (10 MiB, 50 MiB a file unpacked); 10,000 tasks a file.

        With `Accept: application/x-ndjson` the answer is a line of progress now and then, and the
        report as the last line.
        """
        query = _ImportQuery(request.query_params)
        query.is_valid(raise_exception=True)
        owner, file = owner_of(request), cast(tuple[str, bytes] | None, request.data or None)
        if file is None:  # no parser is asked about an empty body
            raise serializers.ValidationError({"file": ["The file is empty."]})
        steps = importing.import_file(
            kind=file[0],
            source=file[1],
            owner=owner,
            actor=owner,
            now=timezone.now(),
            dry_run=query.validated_data.get("dry_run") == "true",
            keep_duplicates=query.validated_data.get("duplicates") == "keep",
        )
        try:
            first = next(steps)
        except ImportRefused as refusal:
            raise serializers.ValidationError({"file": refusal.faults}) from refusal
        if request.accepted_renderer.format == LinesRenderer.format:
            return StreamingHttpResponse(_lines(first, steps), content_type=LINES)
        *_, report = steps
        return Response(vars(report))


def _lines(first: Progress | Report, steps: Iterator[Progress | Report]) -> Iterator[bytes]:
    """A fault after the first line can have no status any more: it is the last line."""
    try:
        yield orjson.dumps(vars(first)) + b"\n"
        for step in steps:
            yield orjson.dumps(vars(step)) + b"\n"
    except DatabaseError as fault:
        _log.error("import_failed", exc_info=fault)
        problem = problems.document(503, "The import failed, and nothing of it was kept.")
        yield orjson.dumps(problem) + b"\n"


class _ExportQuery(Query):
    format = serializers.ChoiceField(("zip", "json", "ics"), required=False)


class AnyRenderer(JSONRenderer):
    """Whatever the client accepts: what an export is in, its query says."""

    media_type = "*/*"
    format = "any"


class ExportView(APIView):
    renderer_classes = (JSONRenderer, AnyRenderer)

    @extend_schema(
        operation_id="export_retrieve",
        parameters=[
            OpenApiParameter(
                "format",
                enum=["zip", "json", "ics"],
                description="Everything as an archive (`zip`, by default), or the tasks alone.",
            )
        ],
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


class ErasureSerializer(StrictSerializer):
    password = PasswordField(required=False, help_text="Yours, if the account has one.")
    email = serializers.EmailField(
        required=False, help_text="Yours, if you sign in elsewhere and have no password here."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        user: User = self.context["request"].user
        if user.has_usable_password():
            if not user.check_password(attrs.get("password", "")):
                raise serializers.ValidationError({"password": ["This is not your password."]})
        elif attrs.get("email", "").lower() != user.email:
            raise serializers.ValidationError({"email": ["This is not your address."]})
        return attrs


class AccountView(MeView):
    """`/api/me`, whose end is everybody's concern."""

    def get_throttles(self) -> list[Any]:
        if self.request.method == "DELETE" and self._limits is None:
            self._limits = [PasswordsOfUser()]
        return super().get_throttles()

    @extend_schema(
        request=ErasureSerializer, responses=answers({204: None}, 400, 401, 413, 415, 429)
    )
    def delete(self, request: Request) -> Response:
        """Erase your account and everything in it, at once and for good.

        One last event tells those who follow to forget you. What has left already (mails, what
        other systems keep) cannot be called back.
        """
        confirmation = ErasureSerializer(data=request.data, context={"request": request})
        confirmation.is_valid(raise_exception=True)
        erasing.erase_account(user=owner_of(request), now=timezone.now())
        self.forgive()
        return Response(status=status.HTTP_204_NO_CONTENT)
