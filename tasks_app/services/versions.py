"""What keeps a change from being made to something else than its author has seen."""

from tasks_app.models import Tag, Task


class StaleVersion(Exception):
    """Somebody has changed the row since; `row` is how it is now."""

    def __init__(self, row: Task | Tag) -> None:
        super().__init__(f"It has version {row.version} by now.")
        self.row = row


def check_version(row: Task | Tag, version: int | None) -> None:
    """Raise StaleVersion unless `row` has this version; None is any."""
    if version is not None and row.version != version:
        raise StaleVersion(row)
