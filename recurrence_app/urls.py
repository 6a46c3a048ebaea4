"""The REST paths of this app."""

from django.urls import path

from recurrence_app.api import PreviewView

urlpatterns = [
    path("recurring-tasks/preview", PreviewView.as_view(), name="recurring-task-preview"),
]
