from tasks_app.serializers.fields import InstantField, WholeNumberField
from tasks_app.serializers.history import HistorySerializer
from tasks_app.serializers.tag import MergeSerializer, TagSerializer
from tasks_app.serializers.task import TaskSerializer

__all__ = [
    "HistorySerializer",
    "InstantField",
    "MergeSerializer",
    "TagSerializer",
    "TaskSerializer",
    "WholeNumberField",
]
