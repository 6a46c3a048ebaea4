from tasks_app.serializers.fields import InstantField
from tasks_app.serializers.task import TaskSerializer

__all__ = ["InstantField", "TaskSerializer"]
