"""In which order tasks come."""

from typing import Any, Final

from django.db.models import F
from django.db.models.expressions import OrderBy
from drf_spectacular.drainage import set_override
from rest_framework import serializers

from tasks_app.models import TaskQuerySet

SORTABLE: Final = (
    "created_at",
    "updated_at",
    "completed_at",
    "due",
    "priority",
    "status",
    "title",
)
ORDERS: Final = ("asc", "desc")


class Words(serializers.CharField):
    """Some of a few words, with commas between them."""

    def __init__(self, words: tuple[str, ...], **options: Any) -> None:
        self.words = words
        super().__init__(required=False, max_length=200, **options)
        one = "|".join(words)
        set_override(self, "field", {"type": "string", "pattern": f"^({one})(,({one}))*$"})

    def to_internal_value(self, data: Any) -> Any:
        asked = super().to_internal_value(data).split(",")
        if len(set(asked)) < len(asked) and self.words is not ORDERS:
            raise serializers.ValidationError("Name each once.")
        if unknown := [word for word in asked if word not in self.words]:
            known = ", ".join(self.words)
            raise serializers.ValidationError(f"“{unknown[0]}” is none of {known}.")
        return asked


def ordering(fields: list[str], orders: list[str]) -> list[OrderBy | str]:
    """By each of `fields`, the orders repeated as needed; what has no value comes last.

    The id decides between equals, so that pages neither repeat nor skip a task. Raises
    ValidationError for more orders than fields.
    """
    if len(orders) > max(len(fields), 1):
        message = "Give one order, or one for each field of `sort_by`."
        raise serializers.ValidationError({"sort_order": [message]})
    directions = (orders + orders[-1:] * len(fields))[: max(len(fields), 1)]
    sorted_ = [_by(field, order) for field, order in zip(fields, directions, strict=False)]
    return [*sorted_, "-id" if directions[-1] == "desc" else "id"]


def _by(field: str, order: str) -> OrderBy:
    by = F(field)
    return by.desc(nulls_last=True) if order == "desc" else by.asc(nulls_last=True)


def sort(tasks: TaskQuerySet, fields: list[str], orders: list[str]) -> TaskQuerySet:
    return tasks.order_by(*ordering(fields, orders))
