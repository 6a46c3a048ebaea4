"""What keeps a change from being made to something else than its author has seen."""

from typing import Any

from accounts.preconditions import Versioned


class StaleVersion(Exception):
    """Somebody has changed the row since; `row` is how it is now."""

    def __init__(self, row: Versioned) -> None:
        super().__init__(f"It has version {row.version} by now.")
        self.row: Any = row  # of whichever model the service was about


def check_version(row: Versioned, version: int | None) -> None:
    """Raise StaleVersion unless `row` has this version; None is any."""
    if version is not None and row.version != version:
        raise StaleVersion(row)
