"""Apache Kafka's published jars, kept for all checkouts in the user's cache folder."""

import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from todo_project.dev.service import Missing

if TYPE_CHECKING:
    from jgo.maven import MavenContext

LOCK = Path(__file__).with_name("kafka.lock")


def fetch() -> Path:
    """The folder with every jar of the lock, downloaded and verified the first time."""
    libs = cache() / f"kafka-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    if libs.exists():
        return libs
    try:
        _download(libs)
    except (OSError, RuntimeError) as fault:  # requests' faults are OSErrors too
        raise Missing(
            f"Kafka's jars could not be fetched ({fault}): give KAFKA_BOOTSTRAP=…"
        ) from fault
    return libs


def cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "todo-platform"


def _download(libs: Path) -> None:
    from jgo.maven import MavenContext  # slow to load, and needed once only

    libs.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=libs.parent) as staging, ThreadPoolExecutor(8) as pool:
        ready = Path(staging, "libs")
        ready.mkdir()
        maven = MavenContext(
            repo_cache=Path(staging, "maven"),
            local_repos=[Path.home() / ".m2" / "repository"],
            timeout=60,
        )
        lines = LOCK.read_text().splitlines()
        list(pool.map(lambda line: _fetch_jar(maven, line, ready), lines))
        try:
            ready.rename(libs)
        except OSError:
            if not libs.exists():  # another checkout may have been quicker
                raise


def _fetch_jar(maven: "MavenContext", line: str, into: Path) -> None:
    coordinates, digest = line.split()
    group, name, version = coordinates.split(":")
    jar = maven.project(group, name).at_version(version).artifact().resolve()
    if hashlib.sha256(jar.read_bytes()).hexdigest() != digest:
        raise Missing(f"{jar.name} is not the jar that kafka.lock names; nothing of it was used")
    shutil.copy(jar, into / jar.name)
