"""Gunicorn's configuration for the `web` process."""

import gc
import os
from typing import Any

from prometheus_client import multiprocess

# People wait for a page for seconds, not for minutes; workers and commands have no such limit.
os.environ.setdefault("STATEMENT_TIMEOUT", "5")

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True
limit_request_line = 8190  # bytes, the most there is; beyond it Gunicorn itself answers 414
keepalive = 30
timeout = 30
graceful_timeout = 20
control_socket_disable = True  # it would be one file for all servers of a user
accesslog = None  # django-structlog writes one line a request
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def post_fork(server: Any, worker: Any) -> None:
    """What was loaded stays: the collector need not look through it at every turn."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def child_exit(server: Any, worker: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)
