from recurrence_app.serializers.fields import LocalField
from recurrence_app.serializers.occurrence import (
    AgendaSerializer,
    MoveSerializer,
    OccurrenceSerializer,
    SkipSerializer,
    SplitSerializer,
)
from recurrence_app.serializers.preview import PreviewedSerializer, PreviewSerializer
from recurrence_app.serializers.schedule import RecurrenceSerializer
from recurrence_app.serializers.series import RecurringTaskSerializer

__all__ = [
    "AgendaSerializer",
    "LocalField",
    "MoveSerializer",
    "OccurrenceSerializer",
    "PreviewSerializer",
    "PreviewedSerializer",
    "RecurrenceSerializer",
    "RecurringTaskSerializer",
    "SkipSerializer",
    "SplitSerializer",
]
