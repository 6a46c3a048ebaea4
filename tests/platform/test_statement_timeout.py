"""Nobody keeps the database busy for long: a statement of the web server has seconds."""

import os
import subprocess
import sys
import threading
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from tests.at_once import at_once
from tests.contract import problems

LIMIT = """
import django
{first}
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])
"""


@pytest.mark.parametrize(
    ("first", "environment", "limit"),
    [
        ("", {}, "0"),
        ("", {"STATEMENT_TIMEOUT": "1.5"}, "1500ms"),
        ("import todo_project.gunicorn", {}, "5s"),
        ("import todo_project.gunicorn", {"STATEMENT_TIMEOUT": "0"}, "0"),
        # A pooler would not let us in.
        ("import todo_project.gunicorn", {"DATABASE_DIRECT_URL": "postgres:///x"}, "0"),
    ],
)
def test_the_web_server_has_one(first: str, environment: dict[str, str], limit: str) -> None:
    inherited = {name: value for name, value in os.environ.items() if name != "STATEMENT_TIMEOUT"}
    settings = {"DJANGO_SETTINGS_MODULE": "todo_project.settings"}
    said = subprocess.run(
        [sys.executable, "-c", LIMIT.format(first=first)],
        env=inherited | settings | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    assert said.stdout.strip() == limit


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_takes_longer_is_a_503(api: APIClient) -> None:
    locked, answered = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE tasks_app_task")
            locked.set()
            answered.wait(10)

    def ask() -> Any:
        locked.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '100ms'")
        try:
            return api.get("/api/tasks")
        finally:
            answered.set()

    _, answer = at_once([hold, ask])

    problems.check(answer, 503)
    assert api.get("/api/tasks").status_code == 200
