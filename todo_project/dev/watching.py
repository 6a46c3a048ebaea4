import os
from collections.abc import Callable
from time import sleep

import psutil

from todo_project.dev import page, remains
from todo_project.dev.checkout import PAGE, PROCESSES
from todo_project.dev.platform import Platform
from todo_project.dev.services.child import NotReady
from todo_project.dev.supervision import Supervisor


def record(platform: Platform, supervisor: Supervisor) -> dict[str, int]:
    """Write down which processes run now."""
    pids = supervisor.pids()
    ours = {"launcher": os.getpid(), "supervisord": supervisor.pid}
    remains.record(PROCESSES, pids | ours)
    page.write(PAGE, page.contents(platform, pids))
    return pids


def watch(platform: Platform, supervisor: Supervisor, abandoned: Callable[[], bool]) -> None:
    """Keep the page's process ids true while the supervisor starts again what dies."""
    pids = record(platform, supervisor)
    while supervisor.alive() and not abandoned():
        sleep(0.5)
        if len(pids) < len(platform.everything) or not all(map(_lives, pids.values())):
            # Asking also wakes the supervisor, which looks for dead children once a second.
            pids = record(platform, supervisor)
    if not supervisor.alive():
        raise NotReady("The supervisor died; everything was stopped. Its log is in var/log.")


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
