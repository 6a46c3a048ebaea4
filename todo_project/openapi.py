"""What the OpenAPI document says of all operations alike: their bodies and problem documents."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.plumbing import get_lib_doc_excludes

from accounts.api import AccountView, PublicView
from accounts.rest import StrictSerializer
from todo_project.openapi_examples import EXAMPLES, problem
from todo_project.openapi_headers import HEADERS, document_headers, document_limits
from todo_project.problems import CONTENT_TYPE
from todo_project.wire import MergePatchParser

PROBLEM = {"$ref": "#/components/schemas/Problem"}
METHODS = {"get", "post", "put", "patch", "delete"}


def doc_excludes() -> list[type]:
    """Classes whose docstrings are for us: what derives from them does not inherit those."""
    return [*get_lib_doc_excludes(), StrictSerializer, AccountView, PublicView]


def document_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular's."""
    for path, operations in result["paths"].items():
        for method in METHODS & operations.keys():
            _name_patches(method, operations[method])
            _let_be_empty(operations[method])
            answers = operations[method]["responses"]
            codes = document_headers(method, path, operations[method])
            for code in sorted(codes | set(_codes(path, operations[method]))):
                answers.setdefault(str(code.value), {"description": code.phrase})
            _show_problems(answers)
            document_limits(answers)
    result["components"]["headers"] = HEADERS
    for name, example in EXAMPLES.items():
        result["components"]["schemas"][name]["examples"] = [example]
    return result


def _show_problems(answers: dict[str, Any]) -> None:
    for number, said in answers.items():
        if (code := HTTPStatus(int(number))) >= HTTPStatus.BAD_REQUEST:
            said["content"] = {CONTENT_TYPE: {"schema": PROBLEM, "example": problem(code)}}


def _name_patches(method: str, operation: dict[str, Any]) -> None:
    """A merge patch is a body of PATCH alone, whatever can be parsed."""
    if method != "patch":
        operation.get("requestBody", {}).get("content", {}).pop(MergePatchParser.media_type, None)


def _let_be_empty(operation: dict[str, Any]) -> None:
    """A parameter that is empty says nothing, whatever its schema; a number of pages is one."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query" and parameter["schema"].get("type") != "integer":
            parameter["allowEmptyValue"] = True


def _codes(path: str, operation: dict[str, Any]) -> Iterator[HTTPStatus]:
    takes_parameters = any(one["in"] == "query" for one in operation.get("parameters", ()))
    if "requestBody" in operation:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if "requestBody" in operation or takes_parameters:
        yield HTTPStatus.BAD_REQUEST
    if any(operation.get("security", ())):
        yield HTTPStatus.UNAUTHORIZED
    if "{" in path:
        yield HTTPStatus.NOT_FOUND
    yield HTTPStatus.NOT_ACCEPTABLE
    yield HTTPStatus.TOO_MANY_REQUESTS
    yield HTTPStatus.SERVICE_UNAVAILABLE
