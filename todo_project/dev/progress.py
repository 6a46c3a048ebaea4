from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic

Say = Callable[[str], object]

PATIENCE = 2.0


@contextmanager
def step(title: str, say: Say) -> Iterator[None]:
    """Announce what takes longer than two seconds; what is quicker stays silent."""
    began = monotonic()
    announcement = Timer(PATIENCE, say, [f"{title} …"])
    announcement.daemon = True
    announcement.start()
    try:
        yield
    finally:
        announcement.cancel()
    if monotonic() - began > PATIENCE:
        say(f"{title}: {monotonic() - began:.1f} s")
