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
from urllib.error import URLError
from urllib.request import urlopen

from todo_project.dev.ports import free_ports
from todo_project.dev.services import Embedded
from todo_project.dev.services.child import Child

ROOT = Path(__file__).parent.parent.parent
CELERY = ["-m", "celery", "-A", "todo_project"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
COMMANDS = {
    "web": ["-m", "gunicorn", "todo_project.wsgi", "-c", "todo_project/gunicorn.py"],
    "worker": [*CELERY, "worker", "-n", "worker@%h", "-Q", "notifications,default", "-c2", *QUIET],
    "worker-ticks": [*CELERY, "worker", "-n", "ticks@%h", "-Q", "ticks", "--pool=solo", *QUIET],
    "beat": [*CELERY, "beat"],
    "relay": ["manage.py", "run_relay"],
    "relay-2": ["manage.py", "run_relay"],
}


@dataclass(frozen=True)
class Program:
    """One process of the product; ready when it answers HTTP, its metrics if nothing else."""

    name: str
    port: int
    environment: dict[str, str]

    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        """It keeps nothing on disk."""

    def command(self) -> list[str]:
        own = {"WEB_BIND": f"127.0.0.1:{self.port}"}
        if self.name != "web":
            own = {"METRICS_PORT": str(self.port)}
        settings = [f"{name}={value}" for name, value in (self.environment | own).items()]
        return ["env", *settings, sys.executable, *COMMANDS[self.name]]

    def ready(self) -> bool:
        path = "health" if self.name == "web" else "metrics"
        try:
            urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=1).close()
        except (URLError, OSError):
            return False
        return True


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
def platform(services: Embedded, logs: Path) -> Iterator[Platform]:
    environment = {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "KAFKA_BOOTSTRAP": services.kafka_bootstrap,
        "KAFKA_TOPIC_PREFIX": "",
        "EMAIL_URL": services.smtp_url,
    }
    ports = dict(zip(COMMANDS, free_ports(len(COMMANDS)), strict=True))
    programs = {
        name: Child(Program(name, port, environment), logs / f"{name}.log")
        for name, port in ports.items()
    }
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
