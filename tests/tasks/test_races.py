"""Requests at the same time, each on a connection of its own."""

from functools import partial
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Tag, Task
from tests.at_once import at_once
from tests.conftest import TaskOf
from tests.tasks import events

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 6


def test_of_many_deletions_one_succeeds(api: APIClient, alice: User, task_of: TaskOf) -> None:
    path = f"/api/tasks/{task_of(alice).pk}"

    answers = at_once([lambda: api.delete(path)] * AT_ONCE)

    assert sorted(answer.status_code for answer in answers) == [204] + [404] * (AT_ONCE - 1)
    assert events.types() == ["task.created.v1", "task.deleted.v1"]


def test_a_change_of_a_task_that_goes_is_a_404_or_comes_first(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    path = f"/api/tasks/{task_of(alice).pk}"

    gone, *others = at_once(
        [
            lambda: api.delete(path),
            lambda: api.patch(path, {"title": "Later"}),
            lambda: api.post(f"{path}/complete"),
            lambda: api.get(path),
        ]
    )

    assert gone.status_code == 204
    assert {answer.status_code for answer in others} <= {200, 404}
    assert events.types()[-1] == "task.deleted.v1"


def test_completions_at_once_are_one_event(api: APIClient, alice: User, task_of: TaskOf) -> None:
    path = f"/api/tasks/{task_of(alice).pk}/complete"

    answers = at_once([lambda: api.post(path)] * AT_ONCE)

    assert [answer.status_code for answer in answers] == [200] * AT_ONCE
    assert events.types() == ["task.created.v1", "task.completed.v1"]
    assert Task.objects.get().version == 2


def test_changes_at_once_lose_none(api: APIClient, alice: User, task_of: TaskOf) -> None:
    path = f"/api/tasks/{task_of(alice).pk}"
    bodies = [{"title": "New"}, {"description": "New"}, {"priority_id": 4}, {"tags": ["new"]}]

    answers = at_once([partial(api.patch, path, body) for body in bodies])

    assert {answer.status_code for answer in answers} == {200}
    task = api.get(path).json()
    assert (task["title"], task["description"], task["priority_id"]) == ("New", "New", 4)
    assert (task["tags"], task["version"]) == (["new"], 1 + len(bodies))


def test_a_zone_for_a_due_time_that_goes_is_refused_or_comes_first(
    api: APIClient, alice: User, task_of: TaskOf, now: Any
) -> None:
    path = f"/api/tasks/{task_of(alice, due_at=now).pk}"

    cleared, zoned = at_once(
        [
            lambda: api.patch(path, {"due_date": "2026-03-02"}),
            lambda: api.patch(path, {"due_timezone": "Asia/Tokyo"}),
        ]
    )

    assert cleared.status_code == 200
    assert zoned.status_code in (200, 400)
    assert api.get(path).json()["due_timezone"] is None


def test_new_tags_named_at_once_are_made_once(api: APIClient, alice: User) -> None:
    """In opposite orders, which would be a deadlock if they were made in the order given."""
    names = [f"tag {number:02}" for number in range(30)]
    bodies = [{"title": "Tagged", "tags": tags} for tags in (names, names[::-1]) * 4]

    answers = at_once([partial(api.post, "/api/tasks", body) for body in bodies])

    assert [answer.status_code for answer in answers] == [201] * len(bodies)
    assert all(answer.json()["tags"] == names for answer in answers)
    assert Tag.objects.filter(user=alice).count() == len(names)
