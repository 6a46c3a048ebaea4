"""How a list of tasks is narrowed and sorted."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.forms import Field
from django.utils.dateparse import parse_datetime
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from tasks_app.due import validate_instant
from tasks_app.models import Priority, Status, Task, TaskQuerySet

SORTABLE = ("created_at", "updated_at", "due", "priority", "title")
ORDERS = ("asc", "desc")
_NAME = {"type": "string", "enum": Priority.labels}


def _choices(names: Any) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class InstantParameter(Field):
    default_validators = [validate_instant]

    def to_python(self, value: str | None) -> datetime | None:
        if not value:
            return None
        instant = _parsed(value)
        if instant is None or instant.tzinfo is None:
            raise ValidationError("Give an instant with its offset, as in 2026-03-01T09:00:00Z.")
        return instant


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]  # django-filter has no types
    field_class = InstantParameter


def _parsed(value: str) -> datetime | None:
    try:
        return parse_datetime(value)
    except ValueError:  # well formed, and impossible
        return None


class TaskFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    status = filters.MultipleChoiceFilter(choices=Status.choices)
    priority = filters.MultipleChoiceFilter(choices=_choices(Priority.labels), method="by_priority")
    tag = filters.CharFilter(field_name="tags__name", max_length=50)
    due_after = InstantFilter(field_name="due", lookup_expr="gte")
    due_before = InstantFilter(field_name="due", lookup_expr="lt")
    sort_by = filters.ChoiceFilter(choices=_choices(SORTABLE), method="unchanged")
    sort_order = filters.ChoiceFilter(choices=_choices(ORDERS), method="unchanged")

    class Meta:
        model = Task
        fields: list[str] = []

    def filter_queryset(self, queryset: TaskQuerySet) -> TaskQuerySet:
        asked = self.form.cleaned_data
        if asked["due_after"] or asked["due_before"] or asked["sort_by"] == "due":
            queryset = queryset.with_due(self.request.user)
        return self._sorted(super().filter_queryset(queryset))

    @extend_schema_field(_NAME)  # the model's field would make them numbers
    def by_priority(self, tasks: TaskQuerySet, _: str, names: list[str]) -> TaskQuerySet:
        return tasks.filter(priority__in=[Priority[name.upper()] for name in names])

    def unchanged(self, tasks: TaskQuerySet, *_: str) -> TaskQuerySet:
        """Sorting comes last, and from two parameters."""
        return tasks

    def _sorted(self, tasks: TaskQuerySet) -> TaskQuerySet:
        """The id decides between equals, so that pages neither repeat nor skip a task."""
        field = F(self.form.cleaned_data["sort_by"] or "id")
        if self.form.cleaned_data["sort_order"] == "desc":
            return tasks.order_by(field.desc(nulls_last=True), "-id")
        return tasks.order_by(field.asc(nulls_last=True), "id")
