"""The REST paths of this app."""

from rest_framework.routers import SimpleRouter

from tasks_app.api import TaskViewSet

router = SimpleRouter(trailing_slash=False)
router.register("tasks", TaskViewSet, basename="task")

urlpatterns = router.urls
