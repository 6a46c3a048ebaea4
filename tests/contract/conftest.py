import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from accounts.models import User
from bridges.models import Event
from notifications_app.models import Reminder
from tasks_app.models import Tag, Task
from tests.conftest import TaskOf
from todo_project.dev.programs import COMMANDS


@pytest.fixture
def task(alice: User, task_of: TaskOf) -> Task:
    return task_of(alice, tags=["home"])


@pytest.fixture
def nothing_written(alice: User, task: Task) -> Iterator[None]:
    """Whatever the test sends leaves everything as it was."""
    before = _everything()
    yield
    assert _everything() == before


def _everything() -> list[list[object]]:
    return [
        list(model.objects.order_by("pk").values()) for model in (User, Task, Tag, Reminder, Event)
    ]


Web = tuple[subprocess.Popen[bytes], tuple[str, int]]


@contextmanager
def serving(**settings: str) -> Iterator[Web]:
    """The `web` process, which serves the test's database, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        database = os.environ["DATABASE_URL"].rsplit("/", 1)[0]
        environment = os.environ | {
            "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
            "WEB_BIND": f"fd://{listening.fileno()}",
            "WEB_WORKERS": "1",
            **settings,
        }
        process = subprocess.Popen(COMMANDS["web"], env=environment, pass_fds=[listening.fileno()])
        yield process, listening.getsockname()
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[Web]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def server(web: Web) -> tuple[str, int]:
    """The address of the `web` process."""
    return web[1]
