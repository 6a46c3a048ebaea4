"""How lists of reminders and notifications are narrowed."""

from django_filters import rest_framework as filters

from notifications_app.channels import CHANNELS
from notifications_app.models import Notification, NotificationStatus, Reminder, ReminderState


class ReminderFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    state = filters.MultipleChoiceFilter(choices=ReminderState.choices)

    class Meta:
        model = Reminder
        fields: list[str] = []


class NotificationFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    status = filters.MultipleChoiceFilter(choices=NotificationStatus.choices)
    channel = filters.MultipleChoiceFilter(choices=[(name, name) for name in CHANNELS])

    class Meta:
        model = Notification
        fields: list[str] = []
