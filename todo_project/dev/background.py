import os
import signal
from collections.abc import Callable

Announce = Callable[[], None]


def detached(work: Callable[[Announce], int]) -> int:
    """Give work a session of its own, and return when it announces or ends."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return _wait(reading, child)
    os.close(reading)
    os.setsid()

    def announce() -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.write(writing, b".")

    return work(announce)


def _wait(reading: int, child: int) -> int:
    try:
        if os.read(reading, 1):
            return 0
    except KeyboardInterrupt:
        os.kill(child, signal.SIGTERM)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)
