"""Requests at the same time, each on a connection of its own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections

Request = Callable[[], Any]


def at_once(requests: Sequence[Request]) -> list[Any]:
    """The answers to `requests`, which all start together."""
    start = threading.Barrier(len(requests))

    def send(request: Request) -> Any:
        start.wait(10)
        try:
            return request()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(send, requests))
