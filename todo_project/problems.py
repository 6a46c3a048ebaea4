"""Every error as a problem document (RFC 9457), with a field → messages map where fields err."""

import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.core import exceptions as django_errors
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from psycopg.errors import ForeignKeyViolation
from rest_framework import exceptions as rest_errors
from rest_framework import status
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import exception_handler

from accounts.preconditions import PreconditionFailed, entity_tag
from todo_project.chunked import body_limit
from todo_project.wire import BodyTooLarge

CONTENT_TYPE = "application/problem+json"
NOTHING_HERE = "There is nothing here."
_log = structlog.get_logger(__name__)


class Unavailable(rest_errors.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The database does not answer. Try again in a moment."
    wait = 1  # seconds, as Retry-After


class BodyLimitMiddleware:
    """Refuses a body by its announced length before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = body_limit(request.path)
        if length.isdigit() and int(length) > limit:
            return answer(413, str(BodyTooLarge(limit).detail))
        return self.get_response(request)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None, for an error that is not ours, becomes a 500."""
    error = _meant(error)
    response = exception_handler(error, context)
    if response is not None:
        invalid = isinstance(error, rest_errors.ValidationError)
        make = _invalid if invalid and isinstance(response.data, dict) else document
        response.data = make(response.status_code, response.data)
        if isinstance(error, PreconditionFailed):
            response.data |= {"version": error.version, "current": error.current}
            response["ETag"] = entity_tag(error.version)
        response.content_type = CONTENT_TYPE
    return response


def _meant(error: Exception) -> Exception:
    """The answer that an error of Django's, of the models or of the database stands for."""
    match error:
        # A row that went between the look-up and the service's lock is a row that is not there.
        case Http404() | django_errors.ObjectDoesNotExist():
            return rest_errors.NotFound(NOTHING_HERE)
        case django_errors.ValidationError():
            return rest_errors.ValidationError(as_serializer_error(error))
        case django_errors.RequestDataTooBig():
            return BodyTooLarge()
        case UnreadablePostError():
            return rest_errors.ParseError("The body ended early.")
        case IntegrityError() if isinstance(error.__cause__, ForeignKeyViolation):
            return rest_errors.NotFound(NOTHING_HERE)  # what it refers to has just gone
        case OperationalError() | InterfaceError():
            _log.error("database_unavailable", exc_info=error)
            return Unavailable()
    return error


def document(code: int, detail: Any = None) -> dict[str, Any]:
    """The members `type`, `title`, `status` and, where there is more to say, `detail`."""
    if isinstance(detail, dict):
        detail = detail.get("detail")
    if isinstance(detail, list):
        detail = " ".join(str(part) for part in detail)
    problem = {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code}
    return problem | ({"detail": str(detail)} if detail else {})


def _invalid(code: int, errors: dict[Any, Any]) -> dict[str, Any]:
    return document(code, "Some fields are not valid.") | {"errors": _messages(errors)}


def _messages(errors: Any) -> Any:
    """Field → list of messages; what is nested stays nested."""
    if isinstance(errors, dict):
        return {str(field): _messages(inner) for field, inner in errors.items()}
    if isinstance(errors, list):
        return [_messages(inner) if isinstance(inner, dict) else str(inner) for inner in errors]
    return [str(errors)]


# --- Outside of DRF's views: a middleware's, and Django's handlers --------------------------------


def answer_to(error: Exception) -> HttpResponse:
    """To an error that a view would have answered by one sentence. Raises what is not ours."""
    meant = _meant(error)
    if not isinstance(meant, rest_errors.APIException):
        raise error
    told = answer(meant.status_code, str(meant.detail))
    if wait := getattr(meant, "wait", None):
        told["Retry-After"] = str(math.ceil(wait))
    return told


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_api(request):
        return defaults.bad_request(request, exception)
    if isinstance(exception, django_errors.RequestDataTooBig):
        return answer(413, str(BodyTooLarge().detail))
    return answer(400, "The request is not well formed.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_api(request):
        return defaults.permission_denied(request, exception)
    return answer(403, "This is not allowed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not _is_api(request):
        return defaults.page_not_found(request, exception)
    return answer(404, NOTHING_HERE)


def server_error(request: HttpRequest) -> HttpResponse:
    if not _is_api(request):
        return defaults.server_error(request)
    return answer(500, "Something failed on our side; it was logged.")


@csrf_exempt
def no_such_path(request: HttpRequest, *_: str) -> HttpResponse:
    """Whatever no other route below /api/ takes, in DEBUG too, where handlers are not asked."""
    return answer(404, NOTHING_HERE)


def _is_api(request: HttpRequest) -> bool:
    return request.path == "/api" or request.path.startswith("/api/")


def answer(code: int, detail: str, **members: Any) -> HttpResponse:
    """A problem document from outside of DRF's views, with more members where there are."""
    content = orjson.dumps(document(code, detail) | members)
    return HttpResponse(content, status=code, content_type=CONTENT_TYPE)
