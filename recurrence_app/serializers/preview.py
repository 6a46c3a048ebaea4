"""A rule that is tried out, and what it gives, in JSON."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rest_framework import serializers

from accounts.rest import StrictSerializer
from recurrence_app.models import MOST_NAMED, Frequency
from recurrence_app.rules import Local, Rule, RuleError, Schedule, simple
from recurrence_app.serializers.fields import LocalField, RuleField, said_of
from recurrence_app.services.fields import LONGEST_INTERVAL
from tasks_app.due import validate_day
from tasks_app.serializers import WholeNumberField
from tasks_app.serializers.fields import ZoneField

MOST_SHOWN: Final = 100
_FIELDS: Final = frozenset({"start", "end_date", "exdates", "rdates"})


class PreviewSerializer(StrictSerializer):
    """A schedule: `validated_data["schedule"]`. Its zone is `context["zone"]` by default."""

    start = LocalField(
        help_text="The first wall time in `timezone` (2026-03-31T09:00:00), or day (2026-03-31)."
        " It is an occurrence if the rule gives it."
    )
    timezone = ZoneField(
        required=False, allow_null=True, help_text="An IANA name; your own by default."
    )
    rrule = RuleField(
        required=False,
        allow_null=True,
        help_text="RFC 5545, with RFC 7529's SKIP. Give this or `recurrence_type`.",
    )
    recurrence_type = serializers.ChoiceField(
        Frequency.choices,
        required=False,
        allow_null=True,
        help_text="By month or year, a day that a month lacks is its last.",
    )
    recurrence_interval = WholeNumberField(
        min_value=1,
        max_value=LONGEST_INTERVAL,
        required=False,
        allow_null=True,
        help_text="With `recurrence_type`; 1 by default.",
    )
    count = WholeNumberField(
        min_value=1, max_value=MOST_SHOWN, default=10, help_text="How many to show at the most."
    )
    exdates = serializers.ListField(
        child=LocalField(),
        max_length=MOST_NAMED,
        required=False,
        help_text="Occurrences to take away. Beside a `start` with a time, a day stands for that"
        " time of the day.",
    )
    rdates = serializers.ListField(
        child=LocalField(),
        max_length=MOST_NAMED,
        required=False,
        help_text="Occurrences to add; as `exdates`.",
    )
    end_date = serializers.DateField(
        required=False, allow_null=True, validators=[validate_day], help_text="The last local day."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        start, rule = attrs["start"], _rule(attrs)
        try:
            schedule = Schedule(
                start=start,
                zone=ZoneInfo(attrs["timezone"]) if attrs.get("timezone") else self.context["zone"],
                rule=rule,
                rdates=_like(start, attrs.get("rdates", ())),
                exdates=_like(start, attrs.get("exdates", ())),
                end_date=attrs.get("end_date"),
            )
        except RuleError as refusal:
            if refusal.part in _FIELDS:
                refused = {refusal.part: [refusal.message]}
            else:
                refused = {"rrule": [said_of(refusal)]}
            raise serializers.ValidationError(refused) from refusal
        return {"schedule": schedule, "count": attrs["count"]}


def _rule(said: dict[str, Any]) -> Rule:
    kind, interval = said.get("recurrence_type"), said.get("recurrence_interval")
    rule: Rule | None = said.get("rrule")
    if rule and (kind or interval):
        message = "Give it or `recurrence_type`, not both."
        raise serializers.ValidationError({"rrule": [message]})
    if rule:
        return rule
    if not kind:
        raise serializers.ValidationError({"recurrence_type": ["Give it, or `rrule`."]})
    return simple(kind, interval or 1)


def _like(start: Local, named: Iterable[Local]) -> tuple[Local, ...]:
    """A day stands for the occurrence at the usual time of that day."""
    if not isinstance(start, datetime):
        return tuple(named)
    usual = start.time()
    return tuple(
        one if isinstance(one, datetime) else datetime.combine(one, usual) for one in named
    )


class PreviewedSerializer(StrictSerializer):
    occurrences = serializers.ListField(
        child=serializers.DateTimeField(),
        read_only=True,
        help_text="In UTC; of all-day ones, when the day begins in the zone.",
    )
    text = serializers.CharField(read_only=True, help_text="The rule in words.")
    reason = serializers.CharField(
        read_only=True, allow_null=True, help_text="Why there is none, if there is none."
    )
