"""The REST door of tasks."""

from tasks_app.api.bulk import BulkView
from tasks_app.api.tasks import TaskViewSet

__all__ = ["BulkView", "TaskViewSet"]
