"""Bringing tasks along."""

from collections.abc import Iterator, Mapping
from typing import IO, Any, Final, cast

import orjson
import structlog
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.queries import Query
from accounts.rest import StrictSerializer, answers, owner_of
from todo_project import problems
from todo_project.api.query_parameters import parameters_of
from todo_project.idempotency import HEADER
from todo_project.portability import importing
from todo_project.portability.importing import CALENDAR, JSON, ZIP, Progress, Report
from todo_project.portability.refusal import ImportRefused
from todo_project.wire import BodyTooLarge, JSONRenderer

LINES: Final = "application/x-ndjson"
_LINES: Final = {
    "type": "string",
    "description": "A JSON object on each line: `done` and `total` now and then; at last the report"
    " or, if the import failed, a problem document.",
}
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

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return super().render(data, accepted_media_type, renderer_context) + b"\n"


class _ImportQuery(Query):
    dry_run = serializers.ChoiceField(
        ("true", "false"), required=False, help_text="Report what would be, and keep nothing."
    )
    duplicates = serializers.ChoiceField(
        ("skip", "keep"),
        required=False,
        help_text="What happens to tasks whose UID you have already; `skip` by default.",
    )


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
        parameters=parameters_of(_ImportQuery),
        request={
            CALENDAR: OpenApiTypes.BINARY,
            JSON: {"type": "object", "description": "A tasks-0001.json of an export."},
            ZIP: OpenApiTypes.BINARY,
        },
        responses={
            (200, JSON): ReportSerializer,
            (200, LINES): _LINES,
            **answers({}, 400, 401, 413, 415),
        },
    )
    def post(self, request: Request) -> HttpResponseBase:
        """Make tasks of a file, all or none: a calendar (.ics, 5 MiB), our own JSON (10 MiB), or
        the archive of an export (10 MiB; unpacked, 10 MiB a file and 200 MiB in all). 10,000 tasks
        a file, 100,000 in all.

        With `Accept: application/x-ndjson` the answer is a line of progress now and then, and the
        report as the last line, or a problem document in its place. With an `Idempotency-Key`
        there is no progress: nothing is told before all is done.
        """
        query = _ImportQuery(request.query_params)
        query.is_valid(raise_exception=True)
        owner, file = owner_of(request), cast(tuple[str, bytes] | None, request.data or None)
        if file is None:  # no parser is asked about an empty body
            raise serializers.ValidationError({"file": ["The file is empty."]})
        steps = _refusing(
            importing.import_file(
                kind=file[0],
                source=file[1],
                owner=owner,
                actor=owner,
                now=timezone.now(),
                dry_run=query.validated_data.get("dry_run") == "true",
                keep_duplicates=query.validated_data.get("duplicates") == "keep",
            )
        )
        first = next(steps)  # whatever is wrong with the file still has a status of its own
        if request.accepted_renderer.format == LinesRenderer.format and not _has_key(request):
            return StreamingHttpResponse(_lines(first, steps), content_type=LINES)
        *_, report = steps
        return Response(vars(report))


def _refusing(steps: Iterator[Progress | Report]) -> Iterator[Progress | Report]:
    try:
        yield from steps
    except ImportRefused as refusal:
        raise serializers.ValidationError({"file": refusal.faults}) from refusal


def _has_key(request: Request) -> bool:
    return HEADER in request.headers


def _lines(first: Progress | Report, steps: Iterator[Progress | Report]) -> Iterator[bytes]:
    """A fault after the first line can have no status any more: it is the last line."""
    try:
        yield orjson.dumps(vars(first)) + b"\n"
        for step in steps:
            yield orjson.dumps(vars(step)) + b"\n"
    except Exception as fault:
        yield orjson.dumps(_problem(fault)) + b"\n"


def _problem(fault: Exception) -> Any:
    answer = problems.handle(fault, {})
    if answer is not None:
        return answer.data
    _log.error("import_failed", exc_info=fault)
    return problems.document(500, "The import failed, and nothing of it was kept.")
