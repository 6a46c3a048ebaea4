"""What the REST doors of all apps share."""

from collections.abc import Iterable
from copy import copy, deepcopy
from typing import Any, Final, cast

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User

# What the document says of a field that takes an IANA name, such as Europe/Berlin.
TIME_ZONE: Final = {"type": "string", "format": "iana-time-zone", "minLength": 1, "maxLength": 64}


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields that it does not know and texts that are none; ignores read-only ones."""

    def get_fields(self) -> dict[str, Any]:
        """DRF builds each field anew from its arguments, a tenth of a request's time."""
        return self.copied(self._declared_fields)

    def copied(self, names: Iterable[str]) -> dict[str, Any]:
        return {name: _copy(self._declared_fields[name]) for name in names}

    def to_internal_value(self, data: Any) -> Any:
        refused = self._refused(data) if isinstance(data, dict) else {}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**_by_field(error), **refused}) from error
        if refused:
            raise serializers.ValidationError(refused)
        return value

    def _refused(self, data: dict[str, Any]) -> dict[str, list[str]]:
        return {
            name: [message]
            for name, value in sorted(data.items())
            if (message := self._fault(self.fields.get(name), value))
        }

    def _fault(self, field: Any, value: Any) -> str | None:
        if field is None:
            return "There is no such field."
        # DRF would take the number 5 for the text "5".
        is_text = isinstance(field, serializers.CharField) and not field.read_only
        if is_text and not isinstance(value, str | None):
            return "Not a valid string."
        return None


class Problem(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="Field → list of messages."
    )
    version = serializers.IntegerField(required=False, help_text="With 412: the current one.")
    current = serializers.DictField(required=False, help_text="With 412: how it is now.")


class StrictSchema(OpenApiSerializerExtension):
    """How the OpenAPI document says that unknown fields are refused, and how long lists may be."""

    target_class = "accounts.rest.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(
            self.target, direction, bypass_extensions=True
        )
        if direction != "request":
            return schema
        for name, field in self.target.fields.items():
            if isinstance(field, serializers.ListSerializer):
                many: Any = field  # the stubs know no lengths
                bounds = {"minItems": many.min_length, "maxItems": many.max_length}
                schema["properties"][name] |= {k: v for k, v in bounds.items() if v is not None}
        return schema | {"additionalProperties": False}


class BearerScheme(SimpleJWTScheme):
    """How the OpenAPI document names our authentication."""

    target_class = "accounts.authentication.BearerAuthentication"
    name = "bearer"


def answers(success: dict[int, Any], *problems: int) -> dict[Any, Any]:
    """The `responses` of `extend_schema`: what succeeds by status, and the problems' statuses."""
    return {**success, **{(code, "application/problem+json"): Problem for code in problems}}


def owner_of(request: Request) -> User:
    """The signed-in user: the owner whose rows a view may find."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def _copy(field: Any) -> Any:
    """What holds other fields is bound to them, and so copied whole."""
    holds_others = hasattr(field, "child") or isinstance(field, serializers.BaseSerializer)
    return deepcopy(field) if holds_others else copy(field)


def _by_field(error: serializers.ValidationError) -> dict[str, Any]:
    return cast(dict[str, Any], error.detail)
