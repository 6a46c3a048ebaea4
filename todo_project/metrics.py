"""Prometheus: what each process counts, and where it is read."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram, multiprocess, start_http_server

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


def serve() -> None:
    """Serve `/metrics` on METRICS_PORT, for the processes that do not answer HTTP otherwise."""
    if port := os.environ.get("METRICS_PORT"):
        start_http_server(int(port), addr=os.environ.get("METRICS_HOST", "127.0.0.1"), **_source())


def _source() -> dict[str, CollectorRegistry]:
    """A process with children reads what all of them wrote to PROMETHEUS_MULTIPROC_DIR."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
        return {"registry": registry}
    return {}
