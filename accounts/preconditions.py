"""Conditional requests (RFC 9110, 13): a version that the client names in `If-Match`."""

import re
from typing import Any, Final, Protocol

from django.utils.http import parse_etags
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response

NONE_SUCH: Final = 0  # versions begin with 1
_VERSION: Final = re.compile('"([1-9][0-9]{0,17})"')  # as entity_tag writes it


class Versioned(Protocol):
    version: int


class PreconditionFailed(exceptions.APIException):
    """412: the row has `version` by now, and looks like `current`."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = "Somebody has changed this since. Look at `current`, and decide again."
    default_code = "stale"

    def __init__(self, *, version: int, current: dict[str, Any]) -> None:
        super().__init__()
        self.version = version
        self.current = current


def entity_tag(version: int) -> str:
    return f'"{version}"'


def with_tag(response: Response, row: Versioned) -> Response:
    response["ETag"] = entity_tag(row.version)
    return response


def wanted_version(request: Request, row: Versioned) -> int | None:
    """The version that a write is about, of `row` as it was read without a lock; None: any.

    To be checked once more under the row's lock. What `If-None-Match` names is not to be written
    (13.1.2).
    """
    version = named_version(request, row)
    return NONE_SUCH if is_known(request, row) else version


def named_version(request: Request, row: Versioned) -> int | None:
    """The version in `If-Match`: the row's, if it is among them. Weak tags never match (13.1.1)."""
    tags = _tags(request, "If-Match")
    if tags is None or tags == ["*"]:
        return None
    versions = [int(known[1]) for tag in tags if (known := _VERSION.fullmatch(tag))]
    return row.version if row.version in versions else next(iter(versions), NONE_SUCH)


def is_known(request: Request, row: Versioned) -> bool:
    """Whether `If-None-Match` names the row as it is; to a reader the answer is 304 then."""
    tags = _tags(request, "If-None-Match") or []
    return tags == ["*"] or entity_tag(row.version) in [tag.removeprefix("W/") for tag in tags]


def _tags(request: Request, header: str) -> list[str] | None:
    said = request.headers.get(header)
    if said is None:
        return None
    tags = parse_etags(said)
    if not tags:
        message = 'Give entity tags, as in "3".'
        raise exceptions.ValidationError({header: [message]})
    return tags
