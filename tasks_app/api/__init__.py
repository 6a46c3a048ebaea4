"""The REST doors of tasks and tags."""

from tasks_app.api.bulk import BulkView
from tasks_app.api.history import TaskHistory
from tasks_app.api.tags import TagViewSet
from tasks_app.api.tasks import TaskViewSet

__all__ = ["BulkView", "TagViewSet", "TaskHistory", "TaskViewSet"]
