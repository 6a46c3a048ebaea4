"""A POST with an `Idempotency-Key` is done once, however often it is sent.

By draft-ietf-httpapi-idempotency-key-header-07. The key's row, whatever the request changes, and
the answer commit in one transaction: a process killed anywhere leaves all of it or nothing.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from psycopg import errors as postgres_errors
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from accounts.authentication import BearerAuthentication
from todo_project import problems
from todo_project.models import KeptAnswer

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
PATIENCE: Final = timedelta(seconds=2)  # how long a second request waits for the first
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")
# What the view decided about the request itself. After another answer the key is free again.
_FINAL: Final = {400, 404, 409, 412, 413, 415, 422}

_CLAIM = """
INSERT INTO todo_project_keptanswer (key_digest, request_digest, user_id, answer, created_at)
VALUES (%s, %s, %s, '', %s) ON CONFLICT (key_digest) DO NOTHING RETURNING id
"""


class IdempotencyMiddleware:
    """Stands next to the views, so that everything else happens to a repeated request too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or not request.path.startswith("/api/"):
            return self.get_response(request)
        if not _KEY.fullmatch(key):
            message = "Give 1 to 255 visible ASCII characters."
            return problems.answer(400, "Some fields are not valid.", errors={HEADER: [message]})
        try:
            with transaction.atomic():
                return self._once(request, _Claim(request, key))
        except OperationalError as fault:
            if not isinstance(fault.__cause__, postgres_errors.LockNotAvailable):
                raise
            return _still_running()

    def _once(self, request: HttpRequest, claim: "_Claim") -> HttpResponse:
        row_id = claim.take()
        if row_id is None:
            return claim.first_answer()
        response = _whole(self.get_response(request))
        if response.status_code < 300 or response.status_code in _FINAL:
            KeptAnswer.objects.filter(pk=row_id).update(answer=claim.sealed(response))
        else:
            transaction.set_rollback(True)
        return response


class _Claim:
    """One request's hold on its key."""

    def __init__(self, request: HttpRequest, key: str) -> None:
        self.user_id = _user_id(request)
        scope = f"{self.user_id or 'anybody'}\n{key}".encode()
        self._key_digest = hashlib.sha256(scope).digest()
        self._request_digest = _digest(request)
        secret = hmac.digest(settings.SECRET_KEY.encode(), b"idempotency\n" + scope, "sha256")
        self._cipher = Fernet(base64.urlsafe_b64encode(secret))

    def take(self) -> int | None:
        """The new row's id; None when the key was used. Waits while the first is under way."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE // timedelta(milliseconds=1)}")
            values = [self._key_digest, self._request_digest, self.user_id, timezone.now()]
            cursor.execute(_CLAIM, values)
            row = cursor.fetchone()
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        return row[0] if row else None

    def first_answer(self) -> HttpResponse:
        kept = KeptAnswer.objects.get(key_digest=self._key_digest)
        if bytes(kept.request_digest) != self._request_digest:
            return problems.answer(422, f"This {HEADER} was used for another request.")
        told = orjson.loads(self._cipher.decrypt(bytes(kept.answer)))
        content = base64.b64decode(told["content"])
        headers = told["headers"] | {REPLAYED: "true"}
        return HttpResponse(content, status=told["status"], headers=headers)

    def sealed(self, response: HttpResponse) -> bytes:
        headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        content = base64.b64encode(response.content).decode()
        told = {"status": response.status_code, "headers": headers, "content": content}
        return self._cipher.encrypt(orjson.dumps(told))


def forget_answers(*, batch: int = 1000) -> None:
    """Remove answers older than the setting says, so many in a transaction."""
    limit = timezone.now() - settings.IDEMPOTENCY_KEEP
    while ids := list(KeptAnswer.objects.older_than(limit).values_list("pk", flat=True)[:batch]):
        KeptAnswer.objects.filter(pk__in=ids).delete()


def _still_running() -> HttpResponse:
    busy = problems.answer(409, f"The first request with this {HEADER} is still under way.")
    busy["Retry-After"] = "1"
    return busy


def _whole(response: Any) -> HttpResponse:
    """A streamed answer, all at once: it has to be known before its transaction ends."""
    if not response.streaming:
        return response  # type: ignore[no-any-return]
    joined = b"".join(response.streaming_content)
    return HttpResponse(joined, status=response.status_code, headers=dict(response.items()))


def _user_id(request: HttpRequest) -> UUID | None:
    """Who asks. With a token that is not good, nobody: the view answers what it has to."""
    try:
        found = BearerAuthentication().authenticate(Request(request))
    except APIException:
        return None
    return found[0].pk if found else None


def _digest(request: HttpRequest) -> bytes:
    parts = [request.get_full_path().encode(), request.headers.get("Content-Type", "").encode()]
    return hashlib.sha256(b"\n".join([*parts, request.body])).digest()
