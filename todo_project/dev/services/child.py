import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from shutil import which
from time import monotonic, sleep

from todo_project.dev.logs import tail
from todo_project.dev.service import Service

# Linux ends a child when the thread that started it ends, not the process. So they all are
# started by one thread that lives as long as this process.
_starter = ThreadPoolExecutor(1, thread_name_prefix="starter")


class NotReady(RuntimeError):
    pass


class Child:
    """A service as a child of this process; tests kill it and start it again."""

    def __init__(self, service: Service, log: Path) -> None:
        self.service = service
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False

    @property
    def pid(self) -> int:
        if self._process is None:
            raise NotReady(f"{self.service.name} was never started")
        return self._process.pid

    def start(self, limit: float = 60) -> None:
        """Start it on the same port and data, and wait until it serves."""
        deadline = monotonic() + limit
        self._wanted = True
        self._spawn()
        while not self.service.ready():
            if monotonic() > deadline or not self._wanted:
                raise NotReady(f"{self.service.name} is not ready:\n{tail(self.log)}")
            if not self._alive():
                # Killed PostgreSQL's workers outlive it a moment, and it refuses to start then.
                sleep(0.2)
                self._spawn()
            sleep(0.05)

    def kill(self) -> None:
        self._wanted = False
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self, limit: float = 10) -> None:
        self.ask_to_stop()
        try:
            if self._process is not None:
                self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self.kill()

    def ask_to_stop(self) -> None:
        self._wanted = False
        if self._alive():
            os.kill(self.pid, self.service.stop_signal)

    def _alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _spawn(self) -> None:
        # The shell's question is for a parent that died before its death was being watched.
        alive = ["sh", "-c", '[ $PPID = "$0" ] && exec "$@"', str(os.getpid())]
        command = [*alive, *self.service.command()]
        with self.log.open("ab") as log:
            self._process = _starter.submit(
                subprocess.Popen,
                ends_with_parent(command, self.service.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ).result()


def ends_with_parent(command: list[str], sign: signal.Signals) -> list[str]:
    """The command, told by Linux to stop when its parent dies in whatever way."""
    return [*_parent_death(sign), *command]


@cache
def _parent_death(sign: signal.Signals) -> list[str]:
    prefix = ["setpriv", "--pdeathsig", sign.name.removeprefix("SIG"), "--"]
    if sys.platform != "linux" or not which("setpriv"):
        return []
    return [] if subprocess.run([*prefix, "true"], capture_output=True).returncode else prefix
