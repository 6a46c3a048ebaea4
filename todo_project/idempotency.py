"""A POST with an `Idempotency-Key` is done once, however often it is sent.

By draft-ietf-httpapi-idempotency-key-header-07. The key's row, whatever the request changes, and
the answer commit in one transaction: a process killed anywhere leaves all of it or nothing.
"""

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from psycopg import errors as postgres_errors
from rest_framework.exceptions import Throttled

from accounts.quotas import count_user
from todo_project import problems
from todo_project.kept_answers import LARGEST, Claim, Unreadable
from todo_project.models import KeptAnswer

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
# What the view decided about the request itself. After another answer the key is free again.
_FINAL: Final = {400, 404, 409, 412, 413, 415, 422}


class IdempotencyMiddleware:
    """Stands next to the views, so that everything else happens to a repeated request too.

    A view that streams gives its answer whole when there is a key: what it is has to be known
    before its transaction ends.
    """

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
                return self._once(request, key)
        # Those of the commit, too, which checks what refers to a row that has just gone.
        except (DatabaseFault, UnreadablePostError) as fault:
            if isinstance(fault.__cause__, postgres_errors.LockNotAvailable):
                return _still_running()
            return problems.answer_to(fault)

    def _once(self, request: HttpRequest, key: str) -> HttpResponse:
        claim = Claim(request, key)
        if not claim.take():
            return _again(request, claim)
        response = self.get_response(request)
        if response.status_code < 300 or response.status_code in _FINAL:
            if claim.keep(response):
                return response
            response = _too_large()
        transaction.set_rollback(True)
        return response


def forget_answers(*, batch: int = 1000) -> None:
    """Remove answers older than the setting says, so many in a transaction."""
    limit = timezone.now() - settings.IDEMPOTENCY_KEEP
    while ids := list(KeptAnswer.objects.older_than(limit).values_list("pk", flat=True)[:batch]):
        KeptAnswer.objects.filter(pk__in=ids).delete()


def _again(request: HttpRequest, claim: Claim) -> HttpResponse:
    """The first answer. It counts as any request of the user does, though no view sees it."""
    standing = count_user(request, claim.user_id) if claim.user_id else None
    if standing and not standing.allowed:
        return problems.answer_to(Throttled(standing.reset))
    try:
        first = claim.first_answer()
    except Unreadable:
        return problems.answer(422, f"The answer to this {HEADER} can't be read any more.")
    if first is None:
        return problems.answer(422, f"This {HEADER} was used for another request.")
    first[REPLAYED] = "true"
    return first


def _still_running() -> HttpResponse:
    busy = problems.answer(409, f"The first request with this {HEADER} is still under way.")
    busy["Retry-After"] = "1"
    return busy


def _too_large() -> HttpResponse:
    limit = f"{LARGEST:,} bytes, even compressed"
    advice = f"Nothing was done: ask for less at once, or without an {HEADER}."
    return problems.answer(422, f"The answer has more than {limit}. {advice}")
