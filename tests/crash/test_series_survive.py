"""Whoever dies while series make their tasks, each occurrence has one, and only one."""

import os
import random

import pytest

from tests.crash.checks import assert_mirrored, query
from tests.crash.client import Client
from tests.crash.programs import Platform
from tests.waiting import at_a_random_moment, wait_for

pytestmark = pytest.mark.xdist_group("crash")  # one platform, which they kill parts of

SERIES = int(os.environ.get("CRASH_SERIES", "10000"))

DUE = """
INSERT INTO recurrence_app_recurringtask (
    id, user_id, title, description, priority, tags, reminders, recurrence_type,
    recurrence_interval, rrule, is_simple, start_date, timezone, exdates, rdates, moved, trigger,
    count_from, create_ahead, catch_up, is_active, next_due_at, next_occurrence_at,
    next_occurrence, waiting, last_occurrence, spawn_at, made, left_out, last_error, failures,
    version, created_at, updated_at
)
SELECT gen_random_uuid(), accounts_user.id, 'Series ' || n, '', 2, '{series}', '[]',
       'daily', 1, 'FREQ=DAILY', true, day, 'UTC', '{}', '{}', '{}', 'calendar',
       'due_date', 0, 'all', true, day, now(), day::text, '{}', '', now(),
       0, 0, '', 0, 1, now(), now()
FROM accounts_user, generate_series(1, %(series)s) n,
     (SELECT (now() AT TIME ZONE 'UTC')::date AS day) AS today
WHERE email = %(email)s
"""


def test_killed_workers_and_beat_make_each_task_once(product: Platform) -> None:
    client = Client(product.api).sign_up()
    query(product, DUE, series=SERIES, email=client.email)

    wait_for(lambda: query(product, BEGUN, email=client.email), what="the first tasks")
    for _ in range(5):
        product.restart("worker-ticks")
        at_a_random_moment(random.Random(), within=1)  # noqa: S311
        product.restart("beat")
    wait_for(lambda: not _waiting(product), seconds=60 + SERIES / 100, what="all to be made")

    assert query(product, MADE, email=client.email) == [(SERIES, SERIES, 1)]
    assert query(product, EVENTS, email=client.email) == [
        ("recurring-task.due.v1", SERIES),
        ("task.created.v1", SERIES),
    ]
    assert_mirrored(product, [], seconds=60 + SERIES / 100)


def _waiting(product: Platform) -> bool:
    rows = query(
        product, "SELECT 1 FROM recurrence_app_recurringtask WHERE spawn_at <= now() LIMIT 1"
    )
    return bool(rows)


BEGUN = """
SELECT 1 FROM tasks_app_task JOIN accounts_user ON accounts_user.id = user_id
WHERE email = %(email)s LIMIT 1
"""
MADE = """
SELECT count(DISTINCT recurring_task_id), count(*), max(again)
FROM (SELECT recurring_task_id, occurrence, count(*) AS again FROM tasks_app_task
      JOIN accounts_user ON accounts_user.id = user_id WHERE email = %(email)s
      GROUP BY 1, 2) AS occurrences
"""
EVENTS = """
SELECT type, count(*) FROM event_log JOIN accounts_user ON accounts_user.id = user_id
WHERE email = %(email)s AND type IN ('recurring-task.due.v1', 'task.created.v1')
GROUP BY 1 ORDER BY 1
"""
