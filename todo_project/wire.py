"""JSON in and out, and the shape of lists."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework import exceptions, metadata, pagination, parsers, renderers, status
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.queries import Query
from todo_project import cursors


class BodyTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self, limit: int = settings.BODY_LIMIT) -> None:
        super().__init__(f"The body may have {limit:,} bytes at the most.")


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
    next_cursor: str | None = None
    by_cursor = False

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        said = request.query_params.get("cursor")
        if said is None:
            return super().paginate_queryset(queryset, request, view)
        if "offset" in request.query_params:
            raise exceptions.ValidationError({"offset": ["A cursor has none."]})
        self.by_cursor, self.limit = True, self.get_limit(request)
        rows, self.next_cursor = cursors.page(
            queryset, said, limit=self.limit, scope=f"{request.user.pk}{request.path}"
        )
        return rows

    def get_limit(self, request: Request) -> int:
        return _whole(request, "limit", default=self.default_limit, low=1, high=self.max_limit)

    def get_offset(self, request: Request) -> int:
        return _whole(request, "offset", default=0, low=0, high=self.max_offset)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            _parameter("limit", minimum=1, maximum=self.max_limit, default=self.default_limit),
            # Without its default: clients that are made from the document would send it.
            _parameter("offset", minimum=0, maximum=self.max_offset),
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string", "maxLength": cursors.LONGEST},
                "description": "For long lists, in place of `offset`: empty for the first page,"
                " then the `next_cursor` of the page before, until that is null. What is"
                " made or deleted in between neither repeats nor skips a row; what is changed may"
                " move past you, or come again. There is no `total`.",
            },
        ]

    def get_paginated_response(self, data: Any) -> Response:
        if self.by_cursor:
            return Response({"items": data, "next_cursor": self.next_cursor, "limit": self.limit})
        return Response(
            {"items": data, "total": self.count, "limit": self.limit, "offset": self.offset}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 0}
        return {
            "type": "object",
            "required": ["items", "limit"],
            "properties": {
                "items": schema,
                "total": number,
                "limit": number,
                "offset": number,
                "next_cursor": {
                    "type": ["string", "null"],
                    "description": "With `cursor`, in place of `total` and `offset`.",
                },
            },
        }


class Options(metadata.BaseMetadata):
    """OPTIONS is answered by its `Allow` header; the OpenAPI document says the rest."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return {}


def _parameter(name: str, **bounds: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", **bounds}}


class Queries(BaseFilterBackend):
    """Reads and refuses the parameters of lists by the view's `query_class`."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        if getattr(view, "detail", False):
            return queryset
        query = _query_class(view)(request.query_params)
        query.is_valid(raise_exception=True)
        return query.narrow(queryset, request=request)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        query = _query_class(view)
        return [
            _documented(view, name, field)
            for name, field in query().copied(query._declared_fields).items()
        ]


def _query_class(view: Any) -> type[Query]:
    return getattr(view, "query_class", Query)


def _documented(view: Any, name: str, field: Any) -> dict[str, Any]:
    schema = view.schema._map_serializer_field(field, "request")
    view.schema._insert_field_validators(field, schema)
    said = {"description": schema.pop("description")} if "description" in schema else {}
    return {"name": name, "in": "query", "schema": schema, **said}


def _whole(request: Request, name: str, *, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    if len(text) < 20 and text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise exceptions.ValidationError({name: [f"Give a whole number from {low} to {high}."]})
