"""How lists of reminders and notifications are narrowed."""

from rest_framework import serializers
from rest_framework.request import Request

from accounts.queries import Query, Several
from notifications_app.channels import CHANNELS
from notifications_app.models import NotificationStatus, ReminderState
from notifications_app.models.notification import NotificationQuerySet
from notifications_app.models.reminder import ReminderQuerySet


class ReminderQuery(Query):
    state = Several(serializers.ChoiceField(ReminderState.choices))

    def narrow(self, rows: ReminderQuerySet, *, request: Request) -> ReminderQuerySet:
        states = self.validated_data.get("state")
        return rows.filter(state__in=states) if states else rows


class NotificationQuery(Query):
    status = Several(serializers.ChoiceField(NotificationStatus.choices))
    channel = Several(serializers.ChoiceField(list(CHANNELS)))

    def narrow(self, rows: NotificationQuerySet, *, request: Request) -> NotificationQuerySet:
        asked = self.validated_data
        return rows.filter(**{f"{name}__in": values for name, values in asked.items()})
