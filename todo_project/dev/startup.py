"""From nothing to a product that serves."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from todo_project.dev.logs import tail
from todo_project.dev.platform import Platform
from todo_project.dev.progress import Say, step
from todo_project.dev.service import Service
from todo_project.dev.services.child import NotReady
from todo_project.dev.supervision import Supervisor
from todo_project.dev.supervisor_configuration import MARK


def start_everything(platform: Platform, supervisor: Supervisor, root: Path, say: Say) -> None:
    start = partial(_start, supervisor, say)
    services = (partial(start, service) for service in platform.services)
    _at_once(*services, partial(_prepare, platform, root, say))
    _at_once(*(partial(start, program) for program in platform.programs))


def _start(supervisor: Supervisor, say: Say, process: Service) -> None:
    with step(f"Starting {process.name}", say):
        process.prepare()
        supervisor.start(process)


def _prepare(platform: Platform, root: Path, say: Say) -> None:
    log = root / "var" / "log" / "prepare.log"
    own = [service.name for service in platform.services]
    with step("Migrating the database, making demo data", say), log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "todo_project.dev.prepare", *own],
            cwd=root,
            env={**os.environ, **platform.environment, MARK: str(root)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise NotReady(f"The product could not be prepared:\n{tail(log)}")


def _at_once(*works: Callable[[], None]) -> None:
    pool = ThreadPoolExecutor(len(works))
    try:
        for result in [pool.submit(work) for work in works]:
            result.result()
    finally:
        # After a fault or Ctrl-C nobody waits for the rest: it ends with the supervisor.
        pool.shutdown(wait=False, cancel_futures=True)
