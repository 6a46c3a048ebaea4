from tasks_app.models.tag import LONGEST_TAG, Tag, TagQuerySet
from tasks_app.models.task import MOST_TAGS, Priority, Status, Task, TaskQuerySet

__all__ = [
    "LONGEST_TAG",
    "MOST_TAGS",
    "Priority",
    "Status",
    "Tag",
    "TagQuerySet",
    "Task",
    "TaskQuerySet",
]
