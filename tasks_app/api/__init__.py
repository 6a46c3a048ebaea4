"""The REST door of tasks."""

from tasks_app.api.tasks import TaskViewSet

__all__ = ["TaskViewSet"]
