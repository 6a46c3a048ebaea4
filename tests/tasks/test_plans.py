"""Every list of tasks is served by an index, and costs the same however much others have."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.services import create_tasks
from tests.conftest import NOW

pytestmark = pytest.mark.django_db

QUERIES = [
    "",
    "status=pending&status=in_progress&sort_by=due",
    "priority=high&tag=tag%203",
    "tag_any=tag%203&tag_any=tag%204&tag_none=tag%205",
    "tagged=false",
    "due=today&due=overdue",
    "due=2026-03-01..2026-03-31",
    "due_before=2026-03-31T00:00:00Z&sort_by=due",
    "created_after=2026-03-31T00:00:00Z",
    "completed_after=2026-03-31T00:00:00Z&sort_by=completed_at&sort_order=desc",
    "sort_by=priority,due&sort_order=desc,asc",
    "q=word7",
    "q=ord7",
    "q=wrd77",
    "q=word7&status=pending&tag=tag%203",
    "cursor=&sort_by=updated_at",
    "sort_by=title&offset=50",
]
LOAD = """
INSERT INTO accounts_user (id, email, password, is_superuser, is_staff, is_active, created_at,
                           time_zone, locale)
SELECT gen_random_uuid(), 'user' || n || '@example.com', '', false, false, true, now(), 'UTC', 'en'
FROM generate_series(1, 300) n;
INSERT INTO tasks_app_tag (user_id, name)
SELECT id, 'tag ' || n FROM accounts_user, generate_series(1, 10) n;
INSERT INTO tasks_app_task (user_id, title, description, status, priority, due_date, due_timezone,
                            notified, version, created_at, updated_at)
SELECT id, 'word' || n % 50 || ' word' || n, '', 'pending', n % 4 + 1, date '2026-03-01' + n % 60,
       '', false, 1, now(), now()
FROM accounts_user, generate_series(1, 100) n;
INSERT INTO tasks_app_task_tags (task_id, tag_id)
SELECT task.id, tag.id FROM tasks_app_task task JOIN tasks_app_tag tag USING (user_id)
WHERE (task.id + tag.id) % 5 = 0;
ANALYZE accounts_user, tasks_app_tag, tasks_app_task, tasks_app_task_tags;
"""


@pytest.fixture
def crowd(alice: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOAD)


@pytest.mark.usefixtures("crowd")
def test_no_list_reads_a_whole_table(api: APIClient, alice: User) -> None:
    drafts = [{"title": f"word{n}", "tags": ["tag 3"], "priority": n % 4 + 1} for n in range(100)]
    create_tasks(owner=alice, actor=alice, now=NOW, drafts=drafts)

    for query in QUERIES:
        with CaptureQueriesContext(connection) as run:
            answer: Any = api.get(f"/api/tasks?{query}")
        assert answer.status_code == 200, answer.content
        for statement in run.captured_queries:
            plan = _plan(statement["sql"])
            assert not _reads_past_others(plan), f"{query}\n{statement['sql']}\n{plan}"


@pytest.mark.usefixtures("crowd")
def test_no_list_of_somebody_with_many_tasks_reads_past_others(api: APIClient, alice: User) -> None:
    drafts = [{"title": f"word{n}", "tags": ["tag 3"], "priority": n % 4 + 1} for n in range(4000)]
    create_tasks(owner=alice, actor=alice, now=NOW, drafts=drafts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tasks_app_task, tasks_app_task_tags")

    for query in QUERIES:
        with CaptureQueriesContext(connection) as run:
            api.get(f"/api/tasks?{query}")
        for statement in run.captured_queries:
            plan = _plan(statement["sql"])
            assert not _reads_past_others(plan), f"{query}\n{statement['sql']}\n{plan}"


def _reads_past_others(plan: str) -> bool:
    """The table whole, or by its primary key with everybody else's rows left out on the way."""
    # The few rows of the other tables are cheapest read whole.
    if "Seq Scan on tasks_app_task " in plan:
        return True
    return bool(re.search(r"using tasks_app_task_pkey on tasks_app_task .*\n\s+Filter", plan))


def _plan(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement)
        return "\n".join(row[0] for row in cursor.fetchall())
