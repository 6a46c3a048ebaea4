"""How a list of tasks is narrowed and sorted."""

from django_filters import rest_framework as filters

from tasks_app.models import Priority, Status, Task


class TaskFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    priority = filters.ChoiceFilter(
        choices=[(label, label) for label in Priority.labels],
        method=lambda tasks, _, label: tasks.filter(priority=Priority.labels.index(label) + 1),
    )
    tag = filters.CharFilter(field_name="tags__name", max_length=50)
    due_after = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte")
    due_before = filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    class Meta:
        model = Task
        fields: list[str] = []
