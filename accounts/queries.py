"""The query parameters of lists."""

from typing import Any, Final

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.request import Request

from accounts.rest import StrictSerializer

PAGING: Final = frozenset({"limit", "offset", "cursor"})


class Several(serializers.ListField):
    """A parameter that may be given more than once."""

    def __init__(self, child: Any, **options: Any) -> None:
        super().__init__(child=child, required=False, max_length=50, **options)


class Query(StrictSerializer):
    """The parameters of one list, and what they do to it; only those that are given cost time."""

    def __init__(self, said: QueryDict | None = None, **options: Any) -> None:
        self._given: set[str] = set()
        if said is not None:
            options["data"] = self._values(said)
            self._given = set(options["data"])
        super().__init__(**options)

    def narrow(self, rows: Any, *, request: Request) -> Any:
        """The queryset `rows` as `validated_data` wants it."""
        return rows

    def get_fields(self) -> dict[str, Any]:
        return self.copied(self._declared_fields.keys() & self._given)

    def _values(self, said: QueryDict) -> dict[str, Any]:
        """What is given. A parameter that is empty says nothing."""
        values: dict[str, Any] = {}
        for name, given in said.lists():
            field = self._declared_fields.get(name)
            if isinstance(field, Several):
                values |= {name: given} if any(given) else {}
            elif len(given) > 1 and field is not None:
                raise serializers.ValidationError({name: ["Give it once."]})
            elif name not in PAGING and (given[0] or field is None):
                values[name] = given[0]
        return values

    def _fault(self, field: Any, value: Any) -> str | None:
        return "There is no such parameter." if field is None else None
