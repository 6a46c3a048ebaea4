"""The Celery app. Jobs live in each app's `jobs.py`; the ticks' schedule is in the settings."""

import os
import signal
from typing import Any

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")

app = Celery("todo_project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
app.steps["worker"].add(DjangoStructLogInitStep)


@signals.setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery leaves logging alone when this signal has a receiver: settings.LOGGING holds."""


@signals.worker_init.connect
@signals.beat_init.connect
def be_patient_with_redis(**_: Any) -> None:
    """Who only works for the queue would gain nothing from giving up as soon as a request does."""
    app.conf.broker_transport_options["socket_timeout"] = 5  # seconds


@signals.worker_init.connect
@signals.beat_init.connect
def serve_metrics(**_: Any) -> None:
    from bridges import metrics

    metrics.serve()


@signals.beat_init.connect
def stop_between_ticks(sender: Any, **_: Any) -> None:
    """Celery's own handler saves the schedule from within whatever the signal interrupts.

    Where that is a query, which holds the connection's lock, it would wait for ever.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sender.stop())


@signals.beat_init.connect
def tick_at_once(**_: Any) -> None:
    """The schedule's first tick comes after five seconds; until then beat would seem dead."""
    app.send_task("todo_project.jobs.heartbeat", queue="ticks", expires=5, retry=False)
