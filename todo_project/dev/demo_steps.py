"""Steps that show themselves as they happen, and waiting that can be seen."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

Say = Callable[[str], None]
T = TypeVar("T")

PATIENCE: Final = 2.0  # seconds between two signs of life
PAUSE: Final = 0.1  # seconds between two looks


class DemoFailed(Exception):
    """A step did not work; the message is for the person in front of it."""


@contextmanager
def finished_step(title: str) -> Iterator[Say]:
    """Print ✓, the title and the time when the block ends; what it says goes below."""
    begun = time.monotonic()
    said: list[str] = []
    try:
        yield lambda text: said.extend(text.splitlines())
    except DemoFailed as failure:
        raise DemoFailed("\n    ".join([f"{title}: {failure}", *said])) from failure
    print(f"✓ {title} ({time.monotonic() - begun:.1f} s)", flush=True)
    for line in said:
        print(f"    {line}", flush=True)


def wait_for(look: Callable[[], T], *, seconds: float, what: str) -> T:
    """The first true value of `look`; DemoFailed when there is none within `seconds`."""
    begun = time.monotonic()
    told = begun
    while not (value := look()):
        now = time.monotonic()
        if now - begun > seconds:
            raise DemoFailed(f"no sign of {what} within {seconds:.0f} s.")
        if now - told > PATIENCE:
            told = now
            print(f"  … waiting for {what}, {now - begun:.0f} s", file=sys.stderr, flush=True)
        time.sleep(PAUSE)
    return value
