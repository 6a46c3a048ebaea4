import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import connections

from bridges import relay

Running = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def running_relay() -> Running:
    """The relay's own loop against the services of the test, in a thread."""

    @contextlib.contextmanager
    def run() -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=_relay, args=[stop])
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(10)
            assert not thread.is_alive()

    return run


def _relay(stop: threading.Event) -> None:
    try:
        relay.run(stop)
    finally:
        connections.close_all()
