"""Prometheus metrics of HTTP."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

HTTP_REQUEST_DURATION = Histogram(
    "http_request_duration_seconds", "Time to answer a request", ["method", "status"]
)
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestMetricsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = self.get_response(request)
        # Methods are the client's to choose: an unknown one must not make a new series.
        method = request.method if request.method in _METHODS else "OTHER"
        HTTP_REQUEST_DURATION.labels(method, response.status_code).observe(
            time.perf_counter() - begun
        )
        return response
