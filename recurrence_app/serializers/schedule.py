"""How a task recurs, in JSON: what a series and a task with `recurrence` have in common."""

from typing import Any, Final

from rest_framework import serializers

from accounts.rest import StrictSerializer
from recurrence_app.models import (
    MOST_DAYS_AHEAD,
    MOST_NAMED,
    CatchUp,
    CountFrom,
    Frequency,
    Trigger,
)
from recurrence_app.serializers.agreeing import agreed
from recurrence_app.serializers.fields import LocalField, RuleField
from tasks_app.due import validate_day
from tasks_app.serializers import WholeNumberField

LONGEST_INTERVAL: Final = 9999  # of a rule


class RecurrenceSerializer(StrictSerializer):
    """`validated_data` is in the words of the services."""

    recurrence_type = serializers.ChoiceField(
        Frequency.choices,
        required=False,
        help_text="By month or year, a day that a month lacks is its last. Give this or `rrule`.",
    )
    recurrence_interval = WholeNumberField(
        min_value=1,
        max_value=LONGEST_INTERVAL,
        required=False,
        help_text="1 to 52, by default 1; what `rrule` says may be more.",
    )
    rrule = RuleField(
        required=False,
        allow_null=True,
        help_text="RFC 5545, with RFC 7529's SKIP; null: as `recurrence_type` says.",
    )
    end_date = serializers.DateField(
        allow_null=True,
        required=False,
        validators=[validate_day],
        help_text="The last local day that there may be a task for.",
    )
    exdates = serializers.ListField(
        child=LocalField(),
        max_length=MOST_NAMED,
        required=False,
        help_text="Occurrences to leave out, as local days or wall times. In a series with a time"
        " a day stands for that time of the day.",
    )
    rdates = serializers.ListField(
        child=LocalField(),
        max_length=MOST_NAMED,
        required=False,
        help_text="Occurrences beside those of the rule; as `exdates`.",
    )
    trigger = serializers.ChoiceField(
        Trigger.choices,
        required=False,
        help_text="calendar (by default): when the day comes; completion: when the last task is"
        " over.",
    )
    count_from = serializers.ChoiceField(
        CountFrom.choices,
        required=False,
        help_text="With `trigger` completion, whether the next is counted from the due date (by"
        " default) or from the day of the completion.",
    )
    create_ahead = WholeNumberField(
        min_value=0,
        max_value=MOST_DAYS_AHEAD,
        required=False,
        help_text="Days before its own that a task is made.",
    )
    catch_up = serializers.ChoiceField(
        CatchUp.choices,
        required=False,
        help_text="What is made of days that were missed: all (by default, 50 at the most), the"
        " latest, or none of them (skip).",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return agreed(attrs, None)
