import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from todo_project.dev.logs import tail
from todo_project.dev.platform import Platform
from todo_project.dev.secret import write_private
from todo_project.dev.service import Service
from todo_project.dev.services.child import NotReady, ends_with_parent
from todo_project.dev.supervisor_configuration import USER, commands, render

PATIENCE = 90.0
HOPELESS = 5  # starts without getting ready


class Supervisor:
    """supervisord as a child of this process, and the way to talk to it."""

    def __init__(self, platform: Platform, root: Path, environment: Mapping[str, str]) -> None:
        self.platform = platform
        self.address = (
            f"http://{USER}:{platform.supervisor_password}@127.0.0.1:{platform.supervisor_port}"
        )
        self.log_folder = root / "var" / "log"
        configuration = root / "var" / "supervisor.ini"
        write_private(configuration, render(platform, as_root=os.geteuid() == 0))
        self._process = subprocess.Popen(
            ends_with_parent(
                [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
                signal.SIGTERM,
            ),
            cwd=root,
            env={**environment, **platform.environment, **commands(platform, root)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that the terminal's Ctrl-C reaches us alone
        )
        self._wait_for_answer()

    @property
    def pid(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def start(self, process: Service) -> None:
        """Start a process and wait until it serves."""
        group = "services" if process in self.platform.services else "product"
        self._ask("startProcess", f"{group}:{process.name}", False)
        deadline = monotonic() + PATIENCE
        started: set[int] = set()
        while not process.ready():
            sleep(0.25)
            started.add(self.pids().get(process.name, 0))
            if monotonic() > deadline or len(started) > HOPELESS or not self.alive():
                log = tail(self.log_folder / f"{process.name}.log")
                raise NotReady(f"{process.name} does not get ready. The end of its log:\n{log}")

    def pids(self) -> dict[str, int]:
        """Of each process that runs at this moment."""
        known = self._ask("getAllProcessInfo")
        return {process["name"]: process["pid"] for process in known if process["pid"]}

    def stop(self) -> None:
        with suppress(subprocess.TimeoutExpired):  # then the run's remains are ended one by one
            self._process.terminate()
            self._process.wait(60)

    def _wait_for_answer(self) -> None:
        deadline = monotonic() + 15
        while True:
            try:
                self._ask("getState")
                return
            except NotReady as silence:
                if not self.alive() or monotonic() > deadline:
                    log = tail(self.log_folder / "supervisord.log")
                    raise NotReady(f"The supervisor did not start:\n{log}") from silence
            sleep(0.05)

    def _ask(self, method: str, *arguments: object) -> Any:
        # A connection each time, since threads ask at the same time.
        try:
            with ServerProxy(f"{self.address}/RPC2") as server:
                return getattr(server.supervisor, method)(*arguments)
        except (OSError, Fault) as fault:
            raise NotReady(f"The supervisor does not answer: {fault}") from fault
