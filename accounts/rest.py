"""What the REST doors of all apps share."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from accounts.models import User


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know; read-only ones are ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := data.keys() - self.fields.keys()):
            raise serializers.ValidationError(
                {str(name): ["There is no such field."] for name in sorted(unknown)}
            )
        return super().to_internal_value(data)


def owner_of(request: Request) -> User:
    """The signed-in user: the owner whose rows a view may find."""
    assert isinstance(request.user, User)
    return request.user
