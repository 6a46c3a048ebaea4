"""The real services of a test session: started once, shared by its parallel workers.

A pytest plugin (`-p tests.services`), because Django's settings want the addresses before any
conftest is read. Services whose address the environment gives are used as they are.
"""

import contextlib
import os
import tempfile
import uuid
from collections.abc import Generator
from pathlib import Path

import pytest

SETTINGS = {
    "SECRET_KEY": "only-for-the-tests-only-for-the-tests-only",
    "JWT_SIGNING_KEY": "only-for-the-tests-only-for-the-tests-jwt",
    "KAFKA_REPLICATION": "1",
    "LOG_LEVEL": "WARNING",
    "RATE_LIMIT_USER": "",
    "RATE_LIMIT_ADDRESS": "",
    "ENV_FILE": "",
}
ADDRESSES = ("DATABASE_URL", "REDIS_URL", "KAFKA_BOOTSTRAP", "EMAIL_URL")
_running = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None]:
    os.environ.update(SETTINGS)
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        os.environ.setdefault("TEST_RUN", uuid.uuid4().hex[:6])
        _start_missing()
    _keep_apart(worker or "gw0")
    return (yield)


def pytest_unconfigure() -> None:
    _running.close()


def _start_missing() -> None:
    if all(name in os.environ for name in ADDRESSES):
        return
    from todo_project.dev.services import embedded

    folder = _running.enter_context(tempfile.TemporaryDirectory(prefix="todo-tests-"))
    urls = _running.enter_context(embedded(Path(folder), durable=False))
    for name, address in zip(
        ADDRESSES,
        (urls.database_url, urls.redis_url, urls.kafka_bootstrap, urls.smtp_url),
        strict=True,
    ):
        os.environ.setdefault(name, address)


def _keep_apart(worker: str) -> None:
    """pytest-django gives each worker its database; topics and Redis are parted here."""
    os.environ["KAFKA_TOPIC_PREFIX"] = f"test-{os.environ['TEST_RUN']}-{worker}."
    base = os.environ.setdefault("SHARED_REDIS_URL", os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = base.rsplit("/", 1)[0] + f"/{int(worker[2:]) + 1}"
