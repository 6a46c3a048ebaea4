from typing import Any

import structlog
from django.apps import AppConfig
from django.http import HttpResponse
from django_structlog.signals import bind_extra_request_finished_metadata

# Jobs are queued by the app that was made first, so it is made before any of them is imported.
from todo_project import celery as celery


class ProjectConfig(AppConfig):
    name = "todo_project"
    verbose_name = "Platform"

    def ready(self) -> None:
        bind_extra_request_finished_metadata.connect(_tell_request_id)


def _tell_request_id(response: HttpResponse, **_: Any) -> None:
    """The id that the request's log lines, jobs and events carry, for whoever asks about it."""
    response["X-Request-ID"] = structlog.contextvars.get_contextvars()["request_id"]
