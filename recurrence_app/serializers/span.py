"""A span of time in the query of a series' occurrences."""

from datetime import datetime, timedelta
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from accounts.queries import Query
from recurrence_app.models import RecurringTask
from recurrence_app.occurrences import day_of, instant_of
from recurrence_app.rules import Local
from recurrence_app.serializers.fields import EDGE, LocalField
from tasks_app.due import validate_day, validate_instant
from tasks_app.serializers import InstantField

A_YEAR: Final = timedelta(days=366)
A_DAY: Final = timedelta(days=1)
_HELP: Final = {
    "from": "The first local day, wall time in the series' zone, or an instant; by default today.",
    "to": "The last local day, or a wall time or an instant, which are not included themselves;"
    " by default a year from `from` on.",
}
SPAN_PARAMETERS: Final = [
    OpenApiParameter(name, EDGE, description=said) for name, said in _HELP.items()
]


@extend_schema_field(EDGE)
class EdgeField(serializers.Field[Local, str, str, Any]):
    """A local day, naive wall time or an aware instant, from 1900 to 2200."""

    def to_internal_value(self, data: Any) -> Local:
        text = data.replace(" ", "+")  # in a query a plus that was not quoted arrives as a space
        try:
            local = LocalField().to_internal_value(text)
        except serializers.ValidationError as refusal:
            if refusal.get_codes() != ["offset"]:
                raise
            instant = InstantField().to_internal_value(text)
            validate_instant(instant)
            return instant
        validate_day(day_of(local))
        return local


class _Span(Query):
    def between(self, series: RecurringTask, *, now: datetime) -> tuple[datetime, datetime]:
        """The first instant, and the first behind them. Raises ValidationError."""
        first, last = self.validated_data.get("from"), self.validated_data.get("to")
        start = _begin(first or now.astimezone(series.zone).date(), series)
        if last is None:
            return start, start + A_YEAR
        end = _begin(last if isinstance(last, datetime) else last + A_DAY, series)
        if end < start:
            raise serializers.ValidationError({"to": ["It comes before `from`."]})
        return start, end


def _begin(edge: Local, series: RecurringTask) -> datetime:
    return edge if isinstance(edge, datetime) and edge.tzinfo else instant_of(edge, series.zone)


# `from` is a word of Python's.
SpanQuery: type[_Span] = type(
    "SpanQuery", (_Span,), {name: EdgeField(required=False) for name in _HELP}
)
