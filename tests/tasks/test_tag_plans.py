"""Lists of tags and histories are served by an index, however much others have."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Tag
from tasks_app.services import update_task
from tests.conftest import NOW, TaskOf
from tests.tasks.test_plans import LOAD, _plan

pytestmark = pytest.mark.django_db

EVENTS = """
INSERT INTO event_log (id, aggregatetype, aggregateid, type, user_id, payload, causation_id,
                       created_at, published_at, parked_reason, held)
SELECT gen_random_uuid(), 'task', id::text, 'task.updated.v1', user_id, '{"version": 1}', '',
       now(), now(), '', false
FROM tasks_app_task, generate_series(1, 4);
ANALYZE event_log;
"""


@pytest.fixture
def crowd(alice: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOAD)
        cursor.execute(EVENTS)


@pytest.mark.usefixtures("crowd")
def test_no_list_reads_a_whole_table(api: APIClient, alice: User, task_of: TaskOf) -> None:
    task = task_of(alice, tags=["home"])
    for number in range(50):
        update_task(task=task, actor=alice, now=NOW, changes={"title": f"{number}"})
    tag = Tag.objects.get(user=alice, name="home")

    for path in (
        "/api/tags",
        "/api/tags?q=ho&sort_by=open_tasks",
        f"/api/tags/{tag.pk}",
        f"/api/tasks/{task.pk}/events",
        f"/api/tasks/{task.pk}/events?sort_order=asc&cursor=",
    ):
        with CaptureQueriesContext(connection) as run:
            answer: Any = api.get(path)
        assert answer.status_code == 200, answer.content
        for statement in run.captured_queries[1:]:  # the first asks who it is
            plan = _plan(statement["sql"])
            assert "Seq Scan" not in plan, f"{path}\n{statement['sql']}\n{plan}"
            assert "event_log_pkey" not in plan, f"{path}\n{statement['sql']}\n{plan}"
