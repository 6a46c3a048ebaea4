"""The REST door of reminders and notifications."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.rest import owner_of
from notifications_app import services
from notifications_app.models import Notification, Reminder
from notifications_app.models.notification import NotificationQuerySet
from notifications_app.models.reminder import ReminderQuerySet
from notifications_app.queries import NotificationQuery, ReminderQuery
from notifications_app.serializers import NotificationSerializer, ReminderSerializer
from tasks_app.models import Task


class TaskReminders(generics.ListAPIView[Reminder]):
    """The reminders of one task."""

    queryset = Reminder.objects.none()  # its model, for the OpenAPI document
    serializer_class = ReminderSerializer
    query_class = ReminderQuery

    def get_queryset(self) -> ReminderQuerySet:
        return (
            Reminder.objects.owned_by(owner_of(self.request))
            .filter(task=self._task())
            .order_by("id")
        )

    @extend_schema(responses={201: ReminderSerializer})
    def post(self, request: Request, task_id: int) -> Response:
        """Set a reminder, at an instant or relative to the task's due time."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            reminder = services.schedule_reminder(
                task=self._task(),
                actor=owner_of(request),
                now=timezone.now(),
                **serializer.validated_data,
            )
        except services.ReminderRefused as refusal:
            raise serializers.ValidationError({refusal.field: [str(refusal)]}) from refusal
        return Response(self.get_serializer(reminder).data, status=status.HTTP_201_CREATED)

    def _task(self) -> Task:
        owned = Task.objects.filter(user=owner_of(self.request))
        return get_object_or_404(owned, pk=self.kwargs["task_id"])


class ReminderViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Reminder]
):
    queryset = Reminder.objects.none()
    serializer_class = ReminderSerializer
    query_class = ReminderQuery
    lookup_value_converter = "int"

    def get_queryset(self) -> ReminderQuerySet:
        return Reminder.objects.owned_by(owner_of(self.request)).order_by("id")

    def destroy(self, request: Request, pk: int) -> Response:
        """Take a reminder back."""
        services.cancel_reminder(
            reminder=self.get_object(), actor=owner_of(request), now=timezone.now()
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class NotificationViewSet(
    mixins.RetrieveModelMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Notification]
):
    """What was sent, is to be sent or could not be sent; the latest first."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    query_class = NotificationQuery
    lookup_value_converter = "int"

    def get_queryset(self) -> NotificationQuerySet:
        return Notification.objects.owned_by(owner_of(self.request)).order_by("-id")
