"""Every error as a problem document (RFC 9457), with a field → messages map where fields err."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from todo_project.wire import BodyTooLarge

CONTENT_TYPE = "application/problem+json"


class BodyLimitMiddleware:
    """Refuses a body by its announced length before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.BODY_LIMIT:
            return _answer(
                document(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, BodyTooLarge().detail)
            )
        return self.get_response(request)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None, for an error that is not ours, becomes a 500."""
    if isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    response = exception_handler(error, context)
    if response is not None:
        response.data = document(response.status_code, response.data)
        response.content_type = CONTENT_TYPE
    return response


def document(code: int, detail: Any = None) -> dict[str, Any]:
    """The members `type`, `title`, `status`, `detail` and, for invalid fields, `errors`."""
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(code).phrase,
        "status": code,
    }
    if isinstance(detail, dict) and set(detail) <= {"detail", "code", "messages"}:
        detail = detail.get("detail")
    if isinstance(detail, dict):
        return problem | {"detail": "Some fields are not valid.", "errors": _messages(detail)}
    if isinstance(detail, list):
        return problem | {"detail": " ".join(str(part) for part in detail)}
    return problem | ({"detail": str(detail)} if detail else {})


def _messages(errors: Any) -> Any:
    """Field → list of messages; what is nested stays nested."""
    if isinstance(errors, dict):
        return {str(field): _messages(inner) for field, inner in errors.items()}
    if isinstance(errors, list):
        return [_messages(inner) if isinstance(inner, dict) else str(inner) for inner in errors]
    return [str(errors)]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return _answer(document(413, BodyTooLarge().detail))
    return _answer(document(400, "The request is not well formed."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(document(403, "This is not allowed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(document(404, "There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(document(500, "Something failed on our side; it was logged."))


def _answer(problem: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(problem), status=problem["status"], content_type=CONTENT_TYPE)
