"""Requests a second of creating and listing tasks, beside a bare DRF view on the same statements.

Both servers are gunicorn with the product's configuration and the logs of production; they take
turns under the same load. The relay is frozen meanwhile: on a machine of two cores it would slow
the one and not the other.
"""

import contextlib
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from bench.figures import latencies
from bench.product import ROOT, Product

CLIENTS = 4
SECONDS = 5
ROUNDS = 3


@dataclass(frozen=True)
class Target:
    name: str
    address: str
    headers: dict[str, str]


def run(product: Product) -> None:
    headers, user_id = _register(product.api)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_frozen(product.page["pids"]["relay"]))
        ours = Target("ours", stack.enter_context(_server("todo_project.settings")), headers)
        bare = Target(
            "bare DRF view",
            stack.enter_context(_server("bench.bare_settings")),
            {**headers, "X-User": user_id},
        )
        _compare("GET", "list", bare, ours)
        ratio = _compare("POST", "create", bare, ours)
    print(f"ratio of the time of a create, ours to the bare view: {ratio:.2f}")


def _compare(method: str, title: str, bare: Target, ours: Target) -> float:
    """The median ratio of a request's time over the rounds."""
    for target in (bare, ours):
        _load(method, target, seconds=1)
    ratios = []
    for _ in range(ROUNDS):
        base, mine = _load(method, bare), _load(method, ours)
        ratios.append(len(base) / len(mine))
        for target, times in ((bare, base), (ours, mine)):
            rate = len(times) / SECONDS
            print(latencies(f"{title}, {target.name}: {rate:.0f}/s", times))
    ratio = statistics.median(ratios)
    print(f"ratio of the time of a {title}: {ratio:.2f}")
    return ratio


def _load(method: str, target: Target, *, seconds: float = SECONDS) -> list[float]:
    """The seconds of every request that CLIENTS connections got through in that time."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(_client, method, target, until) for _ in range(CLIENTS)]
        return [took for client in clients for took in client.result()]


def _client(method: str, target: Target, until: float) -> list[float]:
    connection = http.client.HTTPConnection(urlsplit(target.address).netloc, timeout=30)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = orjson.dumps({"title": "Pay the rent"}) if method == "POST" else None
    times = []
    while time.monotonic() < until:
        begun = time.monotonic()
        connection.request(method, "/api/tasks", body, target.headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{target.name} answered {answer.status}: {content.decode()}")
        times.append(time.monotonic() - begun)
    connection.close()
    return times


@contextlib.contextmanager
def _frozen(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def _server(settings: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings,
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "INFO",
        "WEB_BIND": f"127.0.0.1:{port}",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "todo_project.wsgi", "-c", "todo_project/gunicorn.py"],
        cwd=ROOT,
        env=environment,
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


def _register(api: str) -> tuple[dict[str, str], str]:
    """A new user's headers and id, through the front door."""
    email = f"bench-{uuid.uuid4().hex}@example.com"
    account = {"email": email, "password": "a benchmark's own words"}
    _call(api, "POST", "/api/auth/register", account)
    token = _call(api, "POST", "/api/auth/token", account)["access"]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return headers, str(_call(api, "GET", "/api/me", headers=headers)["id"])


def _call(
    api: str,
    method: str,
    path: str,
    body: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> dict[str, str]:
    connection = http.client.HTTPConnection(urlsplit(api).netloc, timeout=30)
    connection.request(
        method,
        path,
        json.dumps(body) if body else None,
        headers or {"Content-Type": "application/json"},
    )
    answer = connection.getresponse()
    found: dict[str, str] = json.loads(answer.read())
    if answer.status >= 400:
        raise SystemExit(f"{method} {path}: {found}")
    return found
