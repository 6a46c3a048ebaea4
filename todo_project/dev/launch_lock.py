import fcntl
from pathlib import Path
from typing import IO


class AlreadyRunning(RuntimeError):
    pass


def hold(file: Path) -> IO[str]:
    """The checkout's lock, for as long as the returned file is open; the kernel frees it."""
    file.parent.mkdir(exist_ok=True)
    lock = file.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        raise AlreadyRunning from held
    return lock
