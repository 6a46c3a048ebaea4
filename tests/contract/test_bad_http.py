"""What only a real server and a bare socket can show: broken HTTP, and bodies in chunks."""

import http.client
import io
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User
from tasks_app.models import Task
from tests.contract import problems

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
Address = tuple[str, int]


class Answer:
    """As the test client's, from the bytes that the server sent until it closed."""

    def __init__(self, received: bytes) -> None:
        response = http.client.HTTPResponse(_Bytes(received))  # type: ignore[arg-type]
        response.begin()
        self.status_code = response.status
        self.headers = response.headers
        self.content = response.read()

    def json(self) -> Any:
        return json.loads(self.content)


class _Bytes:
    def __init__(self, received: bytes) -> None:
        self.received = received

    def makefile(self, _: str) -> io.BytesIO:
        return io.BytesIO(self.received)


@pytest.fixture
def head(alice: User) -> bytes:
    """The request line and headers of a creation, up to those of its body."""
    token = RefreshToken.for_user(alice).access_token
    return (
        "POST /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
    ).encode()


def test_a_body_in_chunks_is_read(server: Address, head: bytes) -> None:
    answer = exchange(server, head, b"Transfer-Encoding: chunked\r\n\r\n", *_chunks(_body(10)))

    assert answer.status_code == 201, answer.content
    assert Task.objects.get().title == "x" * 10


def test_chunks_over_the_limit_are_a_413(server: Address, head: bytes) -> None:
    answer = exchange(server, head, b"Transfer-Encoding: chunked\r\n\r\n", *_chunks(_body(3 * MIB)))

    problems.check(answer, 413)
    assert not Task.objects.exists()


def test_an_announced_length_over_the_limit_is_a_413(server: Address, head: bytes) -> None:
    problems.check(exchange(server, head, b"Content-Length: 99999999999\r\n\r\n{"), 413)


def test_a_body_that_ends_early_is_a_400(server: Address, head: bytes) -> None:
    answer = exchange(server, head, b"Content-Length: 1000\r\n\r\n", _body(10)[:-5])

    problems.check(answer, 400)
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: -5\r\n\r\n{}",
        b"Content-Length: five\r\n\r\n{}",
        b"Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: gzip\r\n\r\n{}",
        b"Transfer-Encoding: chunked\r\n\r\nfive\r\n{}\r\n0\r\n\r\n",
        b"X-Nul: \0\r\n\r\n",
        b"No colon\r\n\r\n",
        b"X-Long: " + b"x" * 100_000 + b"\r\n\r\n",
    ],
    ids=lambda fields: ascii(fields)[:40],
)
def test_broken_http_is_refused_and_the_next_request_served(
    server: Address, head: bytes, fields: bytes
) -> None:
    assert 400 <= exchange(server, head, fields).status_code < 500
    assert not Task.objects.exists()
    assert exchange(server, b"GET /health HTTP/1.0\r\n\r\n").status_code == 200


@pytest.mark.parametrize("line", [b"garbage", b"GET", b"GET /api/tasks HTTP/9.9", b"\x16\x03\x01"])
def test_what_is_no_http_is_refused(server: Address, line: bytes) -> None:
    assert exchange(server, line, b"\r\n\r\n").status_code in (400, 505)


@pytest.mark.parametrize(("tags", "status"), [(25, 200), (30, 414)])
def test_a_query_may_name_many_long_tags(
    server: Address, head: bytes, tags: int, status: int
) -> None:
    """Of 50 characters each, which an address writes as six times as many."""
    query = urlencode([("tag", f"{number:02}" + "ü" * 48) for number in range(tags)])
    ask = head.replace(b"POST /api/tasks", b"GET /api/tasks?" + query.encode())

    assert exchange(server, ask, b"\r\n").status_code == status


def _body(length: int) -> bytes:
    return b'{"title": "' + b"x" * length + b'"}'


def _chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 50_000):
        part = body[start : start + 50_000]
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


def exchange(server: Address, *parts: bytes) -> Answer:
    with socket.create_connection(server, timeout=30) as client:
        for part in parts:
            client.sendall(part)
        client.shutdown(socket.SHUT_WR)
        return Answer(b"".join(iter(lambda: client.recv(65536), b"")))
