"""The REST paths of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tasks_app.api import BulkView, TaskViewSet

router = SimpleRouter(trailing_slash=False)
router.register("tasks", TaskViewSet, basename="task")

urlpatterns = [path("tasks/bulk", BulkView.as_view(), name="task-bulk"), *router.urls]
