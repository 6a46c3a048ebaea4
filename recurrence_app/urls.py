"""The REST paths of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from recurrence_app.api import PreviewView, RecurringTaskViewSet

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("recurring-tasks", RecurringTaskViewSet, basename="recurring-task")

urlpatterns = [
    path("recurring-tasks/preview", PreviewView.as_view(), name="recurring-task-preview"),
    *router.urls,
]
