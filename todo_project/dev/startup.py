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
    manage = partial(_manage, platform, root, say)
    _at_once(
        *(partial(start, service) for service in platform.services),
        partial(manage, "Collecting static files", "collectstatic", "--noinput", "--verbosity=0"),
    )
    manage("Migrating the database", "migrate", "--noinput", "--verbosity=0")
    demo = partial(manage, "Making demo data", "create_demo")
    _at_once(demo, *(partial(start, program) for program in platform.programs))


def _start(supervisor: Supervisor, say: Say, process: Service) -> None:
    with step(f"Starting {process.name}", say):
        process.prepare()
        supervisor.start(process)


def _manage(platform: Platform, root: Path, say: Say, title: str, *arguments: str) -> None:
    log = root / "var" / "log" / "manage.log"
    with step(title, say), log.open("ab") as output:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=root,
            env={**os.environ, **platform.environment, MARK: str(root)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        raise NotReady(f"{title} failed. The end of its log:\n{tail(log)}")


def _at_once(*works: Callable[[], None]) -> None:
    pool = ThreadPoolExecutor(len(works))
    try:
        for result in [pool.submit(work) for work in works]:
            result.result()
    finally:
        # After a fault or Ctrl-C nobody waits for the rest: it ends with the supervisor.
        pool.shutdown(wait=False, cancel_futures=True)
