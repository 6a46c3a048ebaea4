"""The REST paths of this app."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tasks_app.api import BulkView, TagViewSet, TaskHistory

router = SimpleRouter(trailing_slash=False)
router.register("tags", TagViewSet, basename="tag")

urlpatterns = [
    path("tasks/bulk", BulkView.as_view(), name="task-bulk"),
    path("tasks/<int:task_id>/events", TaskHistory.as_view(), name="task-history"),
    *router.urls,
]
