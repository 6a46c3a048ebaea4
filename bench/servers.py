"""Web servers beside the product's, with its configuration and the logs of production."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.product import ROOT


@contextlib.contextmanager
def serving(settings: str, **environment: str) -> Iterator[str]:
    """The address of a gunicorn with these settings, whose limits nobody reaches."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "todo_project.wsgi", "-c", "todo_project/gunicorn.py"],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": settings,
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "INFO",
            "WEB_BIND": f"127.0.0.1:{port}",
            # Counted as ever; a benchmark comes from one address.
            "RATE_LIMIT_USER": "1000000000/hour",
            "RATE_LIMIT_ADDRESS": "1000000000/hour",
            **environment,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_listens(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise SystemExit("a server did not start")
