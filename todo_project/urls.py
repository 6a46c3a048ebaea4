"""Everything that answers HTTP."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django_prometheus.exports import ExportToDjangoView
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from bridges.api import schema_file
from todo_project import health, problems
from todo_project.api import AccountView, ExportView, ImportView
from todo_project.openapi_door import DocumentView
from todo_project.task_door import WholeTaskViewSet

tasks = SimpleRouter(trailing_slash=False)
tasks.register("tasks", WholeTaskViewSet, basename="task")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs")),
    path("health", health.alive),
    path("health/ready", health.ready),
    path("metrics", ExportToDjangoView),
    path("schemas/<str:name>.json", schema_file, name="event-schema"),
    path("admin/", admin.site.urls),
    path("api/openapi", DocumentView.as_view(), name="openapi"),
    path(
        "api/docs",
        # A page has nothing to say to OPTIONS, for which this view has no template.
        SpectacularSwaggerView.as_view(url_name="openapi", http_method_names=["get", "head"]),
        name="docs",
    ),
    path("api/import", ImportView.as_view(), name="import"),
    path("api/export", ExportView.as_view(), name="export"),
    path("api/me", AccountView.as_view(), name="me"),
    path("api/", include(tasks.urls)),
    path("api/", include("accounts.urls")),
    path("api/", include("tasks_app.urls")),
    path("api/", include("recurrence_app.urls")),
    path("api/", include("notifications_app.urls")),
    re_path("^api(/|$)", problems.no_such_path),
]

handler400 = "todo_project.problems.bad_request"
handler403 = "todo_project.problems.forbidden"
handler404 = "todo_project.problems.not_found"
handler500 = "todo_project.problems.server_error"
