"""Everything that can be done to series."""

from recurrence_app.services.series import (
    create_series,
    delete_series,
    pause_series,
    resume_series,
    update_series,
)

__all__ = [
    "create_series",
    "delete_series",
    "pause_series",
    "resume_series",
    "update_series",
]
