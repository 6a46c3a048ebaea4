"""Bodies without an announced length (RFC 9112, Transfer-Encoding: chunked).

Django reads as many bytes as Content-Length says, so a chunked body would look empty to it.
"""

import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings


def body_limit(path: str) -> int:
    """Bytes that the body of a request to `path` may have."""
    return settings.BODY_LIMITS.get(path, settings.BODY_LIMIT)


class ChunkedBodies:
    """WSGI middleware: reads a chunked body, one byte beyond the limit at most, and measures it."""

    def __init__(self, application: Any) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "CONTENT_LENGTH" not in environ and environ.get("wsgi.input_terminated"):
            limit = body_limit(environ["PATH_INFO"])
            body = environ["wsgi.input"].read(limit + 1)
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        answer: Iterable[bytes] = self.application(environ, start_response)
        return answer
