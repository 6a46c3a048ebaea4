"""What the OpenAPI document says of headers: those that make writes safe, and those of limits."""

import re
from http import HTTPStatus
from typing import Any, Final

# What has a version: one task, one tag or one series, and what is done to it.
_VERSIONED: Final = re.compile(
    r"/api/(tasks|tags|recurring-tasks)/\{id\}"
    r"(/(complete|reopen|cancel|merge|pause|resume|run|skip|move|split))?"
)
_TAGS: Final = {"type": "string", "pattern": r'^(\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$'}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "schema": _TAGS,
    "example": '"3"',
    "description": "The `ETag` of what you have read. When it is another by now, nothing is done,"
    " and the answer is 412 with `version` and `current`.",
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "schema": _TAGS,
    "example": '"3"',
    "description": "The `ETag` of what you have; the answer is 304 while it is the same.",
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "0190a6e0-1c5f-7c3e-9c1e-3f1f6f0d8a11",
    "description": "Any new name for this request, such as a UUID. Sent once more with the same"
    " key and body, it is not done again: the answer is that of the first time. One that would be"
    " larger than 1 MiB, compressed, is a 422, and nothing is done.",
}
# Named once for all answers.
HEADERS: Final = {
    "RateLimit": {
        "schema": {"type": "string"},
        "example": '"address";r=5990;t=42, "user";r=1187;t=42',
        "description": "Of each limit, how many requests are left and the seconds until it begins"
        " anew.",
    },
    "RateLimit-Policy": {
        "schema": {"type": "string"},
        "example": '"address";q=6000;w=60, "user";q=1200;w=60',
        "description": "Of each limit, its requests and the seconds that they are for.",
    },
    "Retry-After": {
        "schema": {"type": "integer", "minimum": 1},
        "example": 1,
        "description": "Seconds until another try has a chance.",
    },
}
_LIMITS: Final = ("RateLimit", "RateLimit-Policy")
_PASSING: Final = {"429": ("Retry-After", *_LIMITS), "503": ("Retry-After",)}
_ETAG: Final = {"schema": {"type": "string"}, "description": "Its version, for `If-Match`."}
_REPLAYED: Final = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "There when this is the answer of the first time.",
}


def document_headers(method: str, path: str, operation: dict[str, Any]) -> set[HTTPStatus]:
    """Add headers to an operation; returns the problems that they lead to."""
    said: list[dict[str, Any]] = []
    problems: set[HTTPStatus] = set()
    if method == "post":
        said.append(_KEY)
        problems |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.CONFLICT,
            HTTPStatus.UNPROCESSABLE_ENTITY,
        }
        _answer_with(operation, "Idempotency-Replayed", _REPLAYED)
    if _VERSIONED.fullmatch(path):
        _answer_with(operation, "ETag", _ETAG)
        if method != "get":
            said.append(_IF_MATCH)
            problems |= {HTTPStatus.BAD_REQUEST, HTTPStatus.PRECONDITION_FAILED}
        elif path.startswith("/api/tasks"):
            said.append(_IF_NONE_MATCH)
            problems.add(HTTPStatus.BAD_REQUEST)
            headers = {"ETag": _ETAG}
            operation["responses"]["304"] = {"description": "Not Modified", "headers": headers}
    if said:
        operation["parameters"] = [*operation.get("parameters", ()), *said]
    return problems


def document_limits(answers: dict[str, Any]) -> None:
    """Every answer of the API tells of its limits; one that is passing, when to come again."""
    for code, said in answers.items():
        names = _LIMITS if code < "300" else _PASSING.get(code, ())
        for name in names:
            said.setdefault("headers", {})[name] = {"$ref": f"#/components/headers/{name}"}


def _answer_with(operation: dict[str, Any], name: str, header: dict[str, Any]) -> None:
    for code, response in operation["responses"].items():
        if code in ("200", "201"):
            response.setdefault("headers", {})[name] = header
