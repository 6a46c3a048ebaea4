"""JSON in and out, and the shape of lists."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions, metadata, pagination, parsers, renderers, status
from rest_framework.request import Request
from rest_framework.response import Response


class BodyTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self) -> None:
        super().__init__(f"The body may have {settings.BODY_LIMIT:,} bytes at the most.")


class JSONParser(parsers.BaseParser):
    """Strict JSON (RFC 8259) in UTF-8, read no further than the limit of a body."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(settings.BODY_LIMIT + 1)
        if len(body) > settings.BODY_LIMIT:
            raise BodyTooLarge
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise exceptions.ParseError(f"The body is not JSON: {error}") from error


class MergePatchParser(JSONParser):
    """JSON Merge Patch (RFC 7396), which only PATCH takes; plain JSON means the same there."""

    media_type = "application/merge-patch+json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        if parser_context and parser_context["request"].method != "PATCH":
            raise exceptions.UnsupportedMediaType(self.media_type)
        return super().parse(stream, media_type, parser_context)


class JSONRenderer(renderers.BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


class Pages(pagination.LimitOffsetPagination):
    """`{items, total, limit, offset}`."""

    default_limit = 20
    max_limit = 200
    max_offset = 1_000_000

    def get_limit(self, request: Request) -> int:
        return _whole(request, "limit", default=self.default_limit, low=1, high=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return _whole(request, "offset", default=0, low=0, high=self.max_offset)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("limit", minimum=1, maximum=self.max_limit, default=self.default_limit),
            _parameter("offset", minimum=0, maximum=self.max_offset, default=0),
        ]

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {"items": data, "total": self.count, "limit": self.limit, "offset": self.offset}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "required": ["items", "total", "limit", "offset"],
            "properties": {
                "items": schema,
                "total": number,
                "limit": number,
                "offset": number,
            },
        }


class Options(metadata.BaseMetadata):
    """OPTIONS is answered by its `Allow` header; the OpenAPI document says the rest."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return {}


def _parameter(name: str, **bounds: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", **bounds}}


class Filters(DjangoFilterBackend):  # type: ignore[misc]  # django-filter has no types
    """Filters lists, and refuses parameters that no filter knows; one thing is not filtered."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if getattr(view, "detail", False):
            return queryset
        self._refuse_unknown(request, self.get_filterset_class(view, queryset))
        return super().filter_queryset(request, queryset, view)

    def _refuse_unknown(self, request: Request, filterset: Any) -> None:
        known = {"limit", "offset", *(filterset.base_filters if filterset else ())}
        if unknown := sorted(request.query_params.keys() - known):
            raise exceptions.ValidationError(
                {name: ["There is no such parameter."] for name in unknown}
            )


def _whole(request: Request, name: str, *, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    if len(text) < 20 and text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise exceptions.ValidationError({name: [f"Give a whole number from {low} to {high}."]})
