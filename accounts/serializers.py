"""Accounts and their tokens in JSON."""

from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User, validate_locale, validate_time_zone
from accounts.rest import TIME_ZONE, StrictSerializer

SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 256  # nobody types more, and a hash of megabytes would cost time


class EmailField(serializers.EmailField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=254, **options)

    def to_internal_value(self, data: Any) -> str:
        # Before its validators run: a lower-case form can be longer.
        return super().to_internal_value(data).lower()


class PasswordField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=LONGEST_PASSWORD,
            trim_whitespace=False,
            style={"input_type": "password"},
            **options,
        )


@extend_schema_field(TIME_ZONE)
class TimeZoneField(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            source="time_zone",
            max_length=64,
            validators=[validate_time_zone],
            help_text="An IANA name, such as Europe/Berlin.",
            **options,
        )


class RegistrationSerializer(StrictSerializer):
    email = EmailField()
    password = PasswordField(min_length=SHORTEST_PASSWORD, write_only=True)
    timezone = TimeZoneField(default="UTC")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _check_password("password", attrs["password"], User(email=attrs["email"]))
        return attrs


class CredentialsSerializer(StrictSerializer):
    email = EmailField()
    password = PasswordField()


class TokenPairSerializer(StrictSerializer):
    access = serializers.CharField(read_only=True)
    refresh = serializers.CharField(read_only=True)


class RefreshSerializer(StrictSerializer):
    refresh = serializers.CharField(max_length=10_000)


class PasswordSerializer(StrictSerializer):
    current = PasswordField()
    new = PasswordField(min_length=SHORTEST_PASSWORD)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _check_password("new", attrs["new"], self.context["request"].user)
        return attrs


class AccountSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    email = serializers.EmailField(read_only=True)
    timezone = TimeZoneField(required=False)
    locale = serializers.CharField(
        max_length=16, validators=[validate_locale], required=False, help_text="Such as en-GB."
    )
    created_at = serializers.DateTimeField(read_only=True)


def _check_password(field: str, password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as fault:
        raise serializers.ValidationError({field: fault.messages}) from fault
