"""Wall times, days and rules in JSON."""

import re
from datetime import date, datetime, time
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from recurrence_app.models import LONGEST_RULE
from recurrence_app.rules import Local, Rule, RuleError, parse

_LOCAL: Final = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:\.0+)?)?(Z|z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_TIME: Final = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?", re.ASCII)
_FOLD: Final = re.compile(r"\r?\n[ \t]")

_DAY: Final = "(19[0-9]{2}|2[01][0-9]{2}|2200)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK: Final = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
LOCAL: Final = {
    "type": "string",
    "pattern": f"^{_DAY}(T{_CLOCK})?$",
    "examples": ["2026-03-31", "2026-03-31T09:00:00"],
}
EDGE: Final = {
    "type": "string",
    "pattern": f"^{_DAY}(T{_CLOCK}(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$",
    "examples": ["2026-03-31", "2026-03-31T09:00:00", "2026-03-31T09:00:00+02:00"],
}
RULE: Final = {"type": "string", "format": "rrule", "minLength": 1, "maxLength": LONGEST_RULE}


@extend_schema_field(LOCAL)
class LocalField(serializers.Field[Local, str, str, Any]):
    """A day, or wall time without an offset; seconds may be left out."""

    default_error_messages = {
        "invalid": "Give wall time as in 2026-03-31T09:00:00, or a date as in 2026-03-31.",
        "offset": "Give wall time, as in 2026-03-31T09:00:00: the time zone of the series says"
        " which instant that is, and no offset or Z can.",
        "never": "There is no such day or time.",
    }

    def to_internal_value(self, data: Any) -> Local:
        match = _LOCAL.fullmatch(data.strip()) if isinstance(data, str) else None
        if match is None:
            self.fail("invalid")
        if match[7]:
            self.fail("offset")
        numbers = [int(number) for number in match.groups()[:6] if number is not None]
        try:
            return datetime(*numbers) if match[4] else date(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001
        except ValueError:
            self.fail("never")

    def to_representation(self, value: Local) -> str:
        return value.isoformat()


@extend_schema_field({"type": "string", "format": "time-local"})
class WallTimeField(serializers.Field[time, str, str, Any]):
    """A time of day without an offset; seconds may be left out."""

    default_error_messages = {"invalid": "Give a time of day as 09:00 or 09:00:00."}

    def to_internal_value(self, data: Any) -> time:
        match = _TIME.fullmatch(data.strip()) if isinstance(data, str) else None
        if match is None:
            self.fail("invalid")
        hour, minute, second = map(int, match.groups("0"))
        try:
            return time(hour, minute, second)
        except ValueError:
            self.fail("invalid")

    def to_representation(self, value: time) -> str:
        return value.isoformat()


@extend_schema_field(RULE)
class RuleField(serializers.CharField):
    """RFC 5545's RRULE; long lines may be folded, and the last part may end as the others do."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_RULE, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The length first, then the parts."""
        said = super().run_validation(data)
        return self._parsed(said) if isinstance(said, str) else said

    def _parsed(self, text: str) -> Rule:
        try:
            return parse(_FOLD.sub("", text).removesuffix(";"))
        except RuleError as refusal:
            raise serializers.ValidationError(said_of(refusal)) from refusal


def said_of(refusal: RuleError) -> str:
    """Names the part that is wrong; the rule itself is no part."""
    return refusal.message if refusal.part == "rrule" else str(refusal)
