"""A file that is not imported, and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_ENTRIES: Final = 10_000  # of a file
MOST_FAULTS: Final = 20  # told of at once; more would hide them all
_LONGEST: Final = 300  # characters of what a parser says


class ImportRefused(ValueError):
    """Nothing was imported; `faults` has a line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@contextmanager
def reading(what: str) -> Iterator[None]:
    """For nothing but a parser at work on somebody's bytes: whatever it raises is ImportRefused.

    Parsers are not made for damaged files, and say so by all kinds of errors.
    """
    try:
        yield
    except Exception as error:
        raise ImportRefused([f"{what} can't be read: {error}"[:_LONGEST]]) from error


def told(faults: list[str]) -> list[str]:
    """The first of `faults`, and how many there are besides."""
    more = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], f"and {more:,} more entries"] if more > 0 else faults
