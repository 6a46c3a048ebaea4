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
        self.at = (parts.hostname or "", parts.port or 80)
        self._head = (
            f"Host: {parts.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            f"X-User: {self.user}\r\nContent-Type: application/json\r\n"
        )
        self._socket: socket.socket | None = None

    def send(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """The status and the content of the answer."""
        connection = self._socket = self._socket or self._open()
        connection.sendall(self.request(method, path, body))
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more(connection)
        head, _, content = received.partition(b"\r\n\r\n")
        length = self.length(head)
        while len(content) < length:
            content += self._more(connection)
        return int(head[9:12]), content

    def request(self, method: str, path: str, body: bytes) -> bytes:
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    def length(self, head: bytes) -> int:
        """Bytes of content that come behind this head of an answer."""
        return int(head.lower().partition(b"content-length: ")[2].split(b"\r\n", 1)[0] or 0)

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def _open(self) -> socket.socket:
        connection = socket.create_connection(self.at, timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _more(self, connection: socket.socket) -> bytes:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError(f"{self.address} closed the connection")
        return part
