"""Whatever the OpenAPI document allows, and what it forbids, is answered as the document says."""

import itertools
import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.transport.serialization import serialize_binary

from accounts.models import User
from accounts.tokens import AccessToken
from bridges.redis_client import client
from notifications_app.models import Notification, Reminder
from notifications_app.services import fire_due_reminders, schedule_reminder
from recurrence_app.services import create_series
from tasks_app.due import LATEST
from tasks_app.models import Tag, Task
from tests.conftest import NOW, TaskOf
from tests.contract.beyond_schemas import excused
from todo_project.wsgi import application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "15"))
# The same requests on each run. Another seed: SCHEMATHESIS_SEED=7, and more of them:
# SCHEMATHESIS_EXAMPLES=200.
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": int(os.environ.get("SCHEMATHESIS_SEED", "1")),
        "generation": {
            "max-examples": EXAMPLES,
            "deterministic": "SCHEMATHESIS_SEED" not in os.environ,
            "database": "none",
            "allow-x00": False,  # a schema cannot forbid it; tests/contract/test_bad_input.py does
        },
    }
)
schema = schemathesis.openapi.from_wsgi("/api/openapi", application, config=CONFIG)


NUMBERS = itertools.count()
ALICE = User(email="alice@example.com", time_zone="Europe/Berlin", password="!")


def _token() -> str:
    """Some requests are made when the tests are collected, long before they are sent."""
    token = AccessToken.for_user(ALICE)
    token.set_exp(lifetime=timedelta(days=1))
    return str(token)


TOKEN = _token()


@schema.auth()
class AsAlice:
    def get(self, case: schemathesis.Case[Any], context: Any) -> str:
        return TOKEN

    def set(self, case: schemathesis.Case[Any], data: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@pytest.fixture
def one_connection() -> Iterator[None]:
    """As Django's own test client does: a request's end leaves the test its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case[Any], kwargs: Any) -> None:
    """Few keys are drawn, which would nearly all be taken by another request."""
    key = case.headers.get("Idempotency-Key", "")
    if re.fullmatch("[!-~]{1,200}", key):
        case.headers["Idempotency-Key"] = f"{key}{next(NUMBERS)}"


def _number_from(start: int) -> None:
    """What is made from here on has the same ids in each run."""
    with connection.cursor() as cursor:
        for model in (Task, Tag, Reminder, Notification):
            table = model._meta.db_table
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, start])


@pytest.fixture
def world(db: None, one_connection: None, task_of: TaskOf) -> None:
    _number_from(1000)
    ALICE.save(force_insert=True)
    for number in range(3):
        task = task_of(ALICE, title=f"Task {number}", tags=["home", f"tag{number}"], due_at=NOW)
        schedule_reminder(task=task, actor=ALICE, now=NOW, offset_minutes=0)
    fire_due_reminders(now=NOW)
    schedule_reminder(task=task, actor=ALICE, now=NOW, offset_minutes=5)
    plan = {"title": "Series", "recurrence_type": "daily", "start_date": NOW.date()}
    create_series(owner=ALICE, actor=ALICE, now=NOW, **plan)


schemathesis.openapi.format(
    "iana-time-zone", st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kolkata"])
)
schemathesis.serializer("application/zip")(lambda _, value: serialize_binary(value))
LATER = st.dates(date(2100, 1, 1), LATEST)  # no reminder can be set for what has passed
schemathesis.openapi.format("date", LATER.map(str))
schemathesis.openapi.format("date-time", st.builds("{}T{}Z".format, LATER, st.times()))
schemathesis.openapi.format("time-local", st.times().map(lambda time: f"{time:%H:%M:%S}"))
# A few of all rules; tests/recurrence draws any. Thousands are asked for, before a test begins.
RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;COUNT=10",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=9,17",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;INTERVAL=100;BYWEEKNO=53",
    "FREQ=YEARLY;BYYEARDAY=1,-1;UNTIL=21200101",
]
schemathesis.openapi.format("rrule", st.sampled_from(RULES))


# An export reads in a transaction of its own, and so not in a test's.
EXPORT = "/api/export"


@schema.exclude(path=EXPORT).parametrize()
def test_answers_are_as_documented(case: schemathesis.Case[Any]) -> None:
    answer = case.call()
    case.validate_response(answer, excluded_checks=excused(case, answer))


@pytest.mark.django_db(transaction=True)
@schema.include(path=EXPORT).parametrize()
def test_exports_are_as_documented(case: schemathesis.Case[Any]) -> None:
    answer = case.call()
    case.validate_response(answer, excluded_checks=excused(case, answer))


CHAINS = settings(
    max_examples=15 * EXAMPLES,
    stateful_step_count=8,
    derandomize="SCHEMATHESIS_SEED" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# What chains must have got to with the id of another answer, or they would prove nothing.
LINKED = {
    "tasks": {
        "GET /api/tasks/{id}",
        "PATCH /api/tasks/{id}",
        "PUT /api/tasks/{id}",
        "DELETE /api/tasks/{id}",
        "POST /api/tasks/{id}/complete",
        "POST /api/tasks/{id}/reopen",
        "POST /api/tasks/{id}/cancel",
    },
    "recurring-tasks": {
        "GET /api/recurring-tasks/{id}",
        "PATCH /api/recurring-tasks/{id}",
        "PUT /api/recurring-tasks/{id}",
        "DELETE /api/recurring-tasks/{id}",
        "POST /api/recurring-tasks/{id}/pause",
        "POST /api/recurring-tasks/{id}/resume",
        "POST /api/recurring-tasks/{id}/run",
        "GET /api/recurring-tasks/{id}/occurrences",
    },
}


class Chain:
    """What one answer tells (an id, a version) goes into the next requests."""

    succeeded: ClassVar[set[str]]
    recorder: Any

    def setup(self) -> None:
        """Each chain begins as every other: it may be run once more to be made shorter."""
        client().flushdb()
        _number_from(2000)
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def validate_response(
        self, answer: schemathesis.Response, case: schemathesis.Case[Any], **_: Any
    ) -> None:
        if answer.status_code < 300:
            self.succeeded.add(case.operation.label)
        case.validate_response(
            answer, excluded_checks=excused(case, answer), recorder=self.recorder
        )


# Each by itself: of all operations together, few chains would get far with the same thing.
PARTS = {
    "tasks": schema.include(path_regex="^/api/(tasks|tags|reminders)"),
    "recurring-tasks": schema.include(path_regex="/recurring-tasks"),
}


@pytest.mark.parametrize("part", PARTS)
def test_chains_of_requests_are_answered_as_documented(part: str) -> None:
    chains: Any = type("Chains", (Chain, PARTS[part].as_state_machine()), {"succeeded": set()})
    chains.run(settings=CHAINS)

    followed = {label for label in chains.succeeded if "{id}" in label}
    assert LINKED[part] - followed == set(), "no chain got there: raise SCHEMATHESIS_EXAMPLES"
