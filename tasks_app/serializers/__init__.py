from tasks_app.serializers.fields import InstantField, WholeNumberField
from tasks_app.serializers.task import TaskSerializer

__all__ = ["InstantField", "TaskSerializer", "WholeNumberField"]
