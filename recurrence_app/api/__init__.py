"""The REST doors of series."""

from recurrence_app.api.preview import PreviewView
from recurrence_app.api.series import RecurringTaskViewSet

__all__ = ["PreviewView", "RecurringTaskViewSet"]
