"""The operator's door: every change goes through the services, with its event."""

from tasks_app.admin.tags import TagAdmin
from tasks_app.admin.tasks import TaskAdmin

__all__ = ["TagAdmin", "TaskAdmin"]
