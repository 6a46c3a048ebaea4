"""The first answers to POSTs with an `Idempotency-Key`, as they lie in the database."""

import hashlib
import hmac
import os
import zlib
from datetime import timedelta
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone

from accounts.authentication import BearerAuthentication
from accounts.quotas import address_of
from todo_project.models import KeptAnswer

PATIENCE: Final = timedelta(seconds=2)  # how long a second request waits for the first
LARGEST: Final = settings.BODY_LIMIT  # bytes kept of an answer: no more than a body may bring
_HEADERS: Final = ("Content-Type", "ETag", "Location")
_NONCE: Final = 12  # bytes

# Whose token is still good may have gone by now: what is left of them is nobody's.
_CLAIM: Final = """
INSERT INTO todo_project_keptanswer (key_digest, request_digest, user_id, answer, created_at)
VALUES (%s, %s, (SELECT id FROM accounts_user WHERE id = %s), '', %s)
ON CONFLICT (key_digest) DO NOTHING RETURNING id
"""


class Unreadable(Exception):
    """The answer was sealed with another SECRET_KEY."""


class Claim:
    """One request's hold on its key.

    A key is its bearer's, or its address's where nobody has signed in. The token may have ended
    since the first time, by what the request itself did.

    Raises UnreadablePostError.
    """

    def __init__(self, request: HttpRequest, key: str) -> None:
        authentication: Any = BearerAuthentication()
        bearer = authentication.bearer(request)
        self.user_id = bearer.user_id if bearer else None
        whose = f"bearer {bearer.name}" if bearer else f"address {address_of(request)}"
        self._scope = f"{whose}\n{key}".encode()
        self._key_digest = hashlib.sha256(self._scope).digest()
        # A bare digest would let whoever reads the table try passwords against it.
        self._request_digest = hmac.digest(self._secret(b"request"), _sent(request), "sha256")
        self._cipher = AESGCM(self._secret(b"answer"))
        self._row_id = 0

    def take(self) -> bool:
        """Whether the key was free. Waits while a first request is under way."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE // timedelta(milliseconds=1)}")
            values = [self._key_digest, self._request_digest, self.user_id, timezone.now()]
            cursor.execute(_CLAIM, values)
            row = cursor.fetchone()
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        if row:
            self._row_id = row[0]
        return row is not None

    def keep(self, response: HttpResponse) -> bool:
        """Whether it is small enough to be kept."""
        headers = {name: response[name] for name in _HEADERS if name in response}
        head = orjson.dumps({"status": response.status_code, "headers": headers})
        sealed = self._sealed(head + b"\n" + response.content)
        if len(sealed) > LARGEST:
            return False
        KeptAnswer.objects.filter(pk=self._row_id).update(answer=sealed)
        return True

    def first_answer(self) -> HttpResponse | None:
        """None if it was the answer to another request. Raises Unreadable."""
        kept = KeptAnswer.objects.get(key_digest=self._key_digest)
        head, content = self._opened(bytes(kept.answer)).split(b"\n", 1)
        if not hmac.compare_digest(bytes(kept.request_digest), self._request_digest):
            return None
        return HttpResponse(content, **orjson.loads(head))

    def _secret(self, purpose: bytes) -> bytes:
        """It takes the Idempotency-Key to make."""
        told = b"\n".join([b"idempotency", purpose, self._scope])
        return hmac.digest(settings.SECRET_KEY.encode(), told, "sha256")

    def _sealed(self, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, zlib.compress(plain, 1), None)

    def _opened(self, sealed: bytes) -> bytes:
        try:
            return zlib.decompress(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        except InvalidTag as fault:
            raise Unreadable from fault


def _sent(request: HttpRequest) -> bytes:
    """What makes two requests the same. One whose body broke off is not to use up its key."""
    if len(request.body) < int(request.META.get("CONTENT_LENGTH") or 0):
        raise UnreadablePostError
    kind = request.headers.get("Content-Type", "")
    return b"\n".join([request.get_full_path().encode(), kind.encode(), request.body])
