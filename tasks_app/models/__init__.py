from tasks_app.models.choices import OPEN, Priority, Status
from tasks_app.models.tag import LONGEST_TAG, MOST_TAGS_A_USER, Tag, TagQuerySet
from tasks_app.models.task import MOST_TAGS, Task, TaskQuerySet

__all__ = [
    "LONGEST_TAG",
    "MOST_TAGS",
    "MOST_TAGS_A_USER",
    "OPEN",
    "Priority",
    "Status",
    "Tag",
    "TagQuerySet",
    "Task",
    "TaskQuerySet",
]
