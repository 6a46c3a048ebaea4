"""Processes of the product on another database than its own, with the logs of production."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Final

from bench.product import ROOT
from todo_project.dev.programs import COMMANDS

# Counted as ever; a benchmark comes from one address.
LIMITS: Final = {
    "RATE_LIMIT_USER": "1000000000/hour",
    "RATE_LIMIT_ADDRESS": "1000000000/hour",
}


@contextlib.contextmanager
def serving(settings: str, **environment: str) -> Iterator[str]:
    """The address of a web server with these settings, whose limits nobody reaches."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"DJANGO_SETTINGS_MODULE": settings, "WEB_BIND": f"127.0.0.1:{port}", **LIMITS}
    with process("web", **own, **environment):
        _wait_until_it_listens(port)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def process(name: str, **environment: str) -> Iterator[int]:
    """The id of the process of this name, which ends with the block."""
    running = subprocess.Popen(
        COMMANDS[name],
        cwd=ROOT,
        env=os.environ | {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def _wait_until_it_listens(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("a server did not start")
