"""The REST paths of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from notifications_app.api import NotificationViewSet, ReminderViewSet, TaskReminders

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("reminders", ReminderViewSet, basename="reminder")
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = [
    path("tasks/<int:task_id>/reminders", TaskReminders.as_view(), name="task-reminders"),
    *router.urls,
]
