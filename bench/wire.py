"""A client that costs little: prepared bytes out, and of the answer no more than its length."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass
class Line:
    """One keep-alive connection of one user, opened by its first request.

    One that waits idle for the load to begin would fall to whichever worker of the server is
    awake, and so all of them to the same.
    """

    address: str
    token: str
    user: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.address)
        self._head = (
            f"Host: {parts.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            f"X-User: {self.user}\r\nContent-Type: application/json\r\n"
        )
        self._at = (parts.hostname or "", parts.port or 80)
        self._socket: socket.socket | None = None

    def send(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status and the content of the answer."""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        connection = self._socket = self._socket or self._open()
        connection.sendall(head.encode() + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more(connection)
        fields, _, content = received.partition(b"\r\n\r\n")
        length = int(fields.lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0] or 0)
        while len(content) < length:
            content += self._more(connection)
        return int(fields[9:12]), content

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def _open(self) -> socket.socket:
        connection = socket.create_connection(self._at, timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _more(self, connection: socket.socket) -> bytes:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError(f"{self.address} closed the connection")
        return part
