"""The REST doors of series."""

from recurrence_app.api.preview import PreviewView

__all__ = ["PreviewView"]
