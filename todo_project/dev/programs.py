"""The processes of the product, under the names that they have everywhere."""

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

_CELERY = [sys.executable, "-m", "celery", "-A", "todo_project"]
_QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
COMMANDS = {
    "web": [
        sys.executable,
        "-m",
        "gunicorn",
        "todo_project.wsgi",
        "-c",
        "todo_project/gunicorn.py",
    ],
    "worker": [
        *[*_CELERY, "worker", "-n", "worker@%h", "-Q", "notifications,recurrence,default"],
        *["-c", "2", *_QUIET],
    ],
    "worker-ticks": [
        *[*_CELERY, "worker", "-n", "worker-ticks@%h", "-Q", "ticks", "--pool", "solo", *_QUIET],
    ],
    "beat": [*_CELERY, "beat"],
    "relay": [sys.executable, "manage.py", "run_relay"],
    # By the broker's address alone (CELERY_BROKER_URL): it needs nothing of Django's.
    "flower": [sys.executable, "-m", "celery", "flower"],
}
# Each with child processes, which leave their figures in a folder for the parent to add up.
MULTIPROCESS = ("web", "worker")


@dataclass(frozen=True)
class Program:
    """A process of the product; ready when it answers HTTP, its metrics if nothing else."""

    name: str
    port: int
    var: Path

    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        if self.name in MULTIPROCESS:
            self._figures.mkdir(parents=True, exist_ok=True)
            for left_over in self._figures.iterdir():
                left_over.unlink()

    def command(self) -> list[str]:
        settings = [f"{name}={value}" for name, value in self._environment.items()]
        return ["env", *settings, *COMMANDS[self.name]]

    def ready(self) -> bool:
        try:
            urlopen(self._probe, timeout=5).close()  # noqa: S310
        except HTTPError as answer:
            return answer.code == 401  # Flower's, which wants the password
        except (URLError, OSError):
            return False
        return True

    @property
    def metrics(self) -> str:
        return f"http://127.0.0.1:{self.port}/metrics"

    @property
    def _environment(self) -> dict[str, str]:
        match self.name:
            case "web":
                own = {"WEB_BIND": f"127.0.0.1:{self.port}"}
            case "flower":
                own = {"FLOWER_ADDRESS": "127.0.0.1", "FLOWER_PORT": str(self.port)}
            case _:
                # The checks import all of the web's code; `migrate` has made them.
                own = {"METRICS_PORT": str(self.port), "CELERY_SKIP_CHECKS": "true"}
        if self.name in MULTIPROCESS:
            own["PROMETHEUS_MULTIPROC_DIR"] = str(self._figures)
        return own

    @property
    def _probe(self) -> str:
        path = {"web": "/health/ready", "flower": "/"}.get(self.name, "/metrics")
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def _figures(self) -> Path:
        return self.var / "metrics" / self.name
