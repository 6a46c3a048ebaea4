"""What every answer of the API says of its limits, and the 429 of an address over its own."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.quotas import Standing, address_of, quota
from todo_project import problems


class RateLimitMiddleware:
    """Counts each request to /api/ by its address, before anything looks at its token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        address = _count(request)
        if address and not address.allowed:
            answer = problems.answer(429, "This address sends too many requests.")
            answer["Retry-After"] = str(address.reset)
        else:
            answer = self.get_response(request)
        _tell(answer, address, getattr(request, "user_standing", None))
        return answer


def _count(request: HttpRequest) -> Standing | None:
    counter = quota("address", settings.RATE_LIMIT_ADDRESS)
    return counter.take(address_of(request)) if counter else None


def _tell(answer: HttpResponse, *standings: Standing | None) -> None:
    if known := [standing for standing in standings if standing]:
        answer["RateLimit-Policy"] = ", ".join(standing.policy for standing in known)
        answer["RateLimit"] = ", ".join(standing.state for standing in known)
