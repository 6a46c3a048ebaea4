"""How the OpenAPI document gets the parameters of an operation that is no list."""

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts.queries import Query


def parameters_of(query: type[Query]) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(name, enum=list(field.choices), description=str(field.help_text))
        for name, field in query._declared_fields.items()
        if isinstance(field, serializers.ChoiceField)
    ]
