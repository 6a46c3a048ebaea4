"""The product's processes as children of the test, on services of their own."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import psutil

from todo_project.dev.ports import free_ports
from todo_project.dev.programs import Program
from todo_project.dev.services import Embedded
from todo_project.dev.services.child import Child

ROOT = Path(__file__).parent.parent.parent
# What the product runs, and a second relay that stands by.
NAMES = {name: name for name in ("web", "worker", "worker-ticks", "beat", "relay")} | {
    "relay-2": "relay"
}


@dataclass(frozen=True)
class OnTestServices:
    """A program of `make run`, with the test's services in its environment."""

    program: Program
    environment: dict[str, str]

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def stop_signal(self) -> signal.Signals:
        return self.program.stop_signal

    def prepare(self) -> None:
        self.program.prepare()

    def command(self) -> list[str]:
        settings = [f"{name}={value}" for name, value in self.environment.items()]
        return ["env", *settings, *self.program.command()]

    def ready(self) -> bool:
        return self.program.ready()


@dataclass
class Platform:
    """Services and processes under test. A killed one stays dead until `mend`."""

    services: Embedded
    programs: dict[str, Child]
    ports: dict[str, int]
    dead: set[str] = field(default_factory=set)

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.ports['web']}"

    def kill(self, name: str) -> None:
        self._child(name).kill()
        self.dead.add(name)

    def kill_children(self, name: str) -> None:
        """Those of its processes that do the work; their parent starts others."""
        for child in psutil.Process(self._child(name).pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def start(self, name: str) -> None:
        self._child(name).start()
        self.dead.discard(name)

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def mend(self) -> None:
        """Start what is dead, the services before the processes that need them."""
        for name in sorted(self.dead, key=lambda name: name in self.programs):
            self.start(name)

    def metrics(self, name: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.ports[name]}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    def _child(self, name: str) -> Child:
        return self.programs[name] if name in self.programs else getattr(self.services, name)


@contextlib.contextmanager
def platform(services: Embedded, folder: Path) -> Iterator[Platform]:
    environment = {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "KAFKA_BOOTSTRAP": services.kafka_bootstrap,
        "KAFKA_TOPIC_PREFIX": "",
        "EMAIL_URL": services.smtp_url,
    }
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    programs = {
        name: Child(
            OnTestServices(Program(NAMES[name], port, folder / name), environment),
            folder / "log" / f"{name}.log",
        )
        for name, port in ports.items()
    }
    for program in programs.values():
        program.service.prepare()
    try:
        _migrate(environment)
        with ThreadPoolExecutor() as pool:
            list(pool.map(Child.start, programs.values()))
        yield Platform(services, programs, ports)
    finally:
        for program in programs.values():
            program.ask_to_stop()
        for program in programs.values():
            program.stop()


def _migrate(environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
    )
