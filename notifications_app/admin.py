"""The operator's door to reminders and notifications."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from notifications_app import services
from notifications_app.models import Notification, Reminder
from notifications_app.models.notification import NotificationQuerySet
from notifications_app.models.reminder import ReminderQuerySet


class _Shown(admin.ModelAdmin[Any]):
    """Rows are looked at here; what changes them are the actions."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_operate_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)


@admin.register(Reminder)
class ReminderAdmin(_Shown):
    list_display = ("id", "user", "task", "fire_at", "state", "settled_at")
    list_filter = ("state",)
    list_select_related = ("user", "task")
    search_fields = ("user__email", "task__title")
    date_hierarchy = "fire_at"
    actions = ("cancel",)

    @admin.action(description="Cancel the chosen reminders", permissions=["operate"])
    def cancel(self, request: HttpRequest, chosen: ReminderQuerySet) -> None:
        for reminder in chosen:
            services.cancel_reminder(reminder=reminder, actor=request.user, now=timezone.now())
        self.message_user(request, "Cancelled.")


@admin.register(Notification)
class NotificationAdmin(_Shown):
    list_display = ("id", "user", "subject", "channel", "status", "attempts", "error", "sent_at")
    list_filter = ("status", "channel", "kind", "late")
    list_select_related = ("user",)
    search_fields = ("user__email", "destination", "subject")
    date_hierarchy = "created_at"
    actions = ("retry", "cancel")

    @admin.action(description="Send again what failed or was cancelled", permissions=["operate"])
    def retry(self, request: HttpRequest, chosen: NotificationQuerySet) -> None:
        now = timezone.now()
        again = sum(services.retry_notification(notification=each, now=now) for each in chosen)
        self.message_user(request, f"{again} will be sent again.")

    @admin.action(description="Do not send what is waiting", permissions=["operate"])
    def cancel(self, request: HttpRequest, chosen: NotificationQuerySet) -> None:
        for notification in chosen:
            services.cancel_notification(notification=notification, now=timezone.now())
        self.message_user(request, "What was waiting will not be sent.")
