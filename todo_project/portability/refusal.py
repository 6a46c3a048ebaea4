"""A file that is not imported, and why."""

from typing import Final

MOST_ENTRIES: Final = 10_000
MOST_FAULTS: Final = 20  # told of at once; more would hide them all


class ImportRefused(ValueError):
    """Nothing was imported; `faults` has a line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def told(faults: list[str]) -> list[str]:
    """The first of `faults`, and how many there are besides."""
    more = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], f"and {more:,} more entries"] if more > 0 else faults
