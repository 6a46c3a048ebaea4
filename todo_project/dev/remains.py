"""Which processes a run has, written down so that they are found when their parents are gone."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import psutil

from todo_project.dev.secret import write_private
from todo_project.dev.supervisor_configuration import MARK


def record(file: Path, pids: Mapping[str, int]) -> None:
    """Each process with its start time: a process id alone may be another program's later."""
    born = {}
    for name, pid in pids.items():
        with contextlib.suppress(psutil.NoSuchProcess):
            born[name] = [pid, psutil.Process(pid).create_time()]
    write_private(file, json.dumps(born))


def recorded(file: Path) -> dict[str, psutil.Process]:
    """The recorded processes that still live."""
    alive = {}
    for name, (pid, created) in _read(file).items():
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            # Linux rounds start times by its own clock, so they may differ a little.
            if abs(process.create_time() - created) < 1:
                alive[name] = process
    return alive


def end(file: Path, root: Path) -> None:
    """End what a run left: the recorded processes, their children, and whoever bears its mark."""
    left = [process for name, process in recorded(file).items() if name != "launcher"]
    everyone = {*_with_children(left), *_marked(root)}
    for process in everyone:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, late = psutil.wait_procs(everyone, timeout=10)
    for process in late:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(late, timeout=5)
    file.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, tuple[int, float]]:
    if not file.exists():
        return {}
    content: dict[str, tuple[int, float]] = json.loads(file.read_text())
    return content


def _with_children(processes: Iterable[psutil.Process]) -> set[psutil.Process]:
    found = set(processes)
    for process in tuple(found):
        with contextlib.suppress(psutil.NoSuchProcess):
            found.update(process.children(recursive=True))
    return found


def _marked(root: Path) -> set[psutil.Process]:
    """Grandchildren too, whose parent died first; the environment is what they all inherit."""
    found = set()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(root):
                found.add(process)
    return found
