"""PATCH as JSON Merge Patch (RFC 7396)."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import TaskOf
from tests.contract import problems

pytestmark = pytest.mark.django_db

MERGE_PATCH = "application/merge-patch+json"
PLAIN = "application/json"
EMPTY: dict[str, Any] = {
    "description": "",
    "priority": "medium",
    "tags": [],
    "due_date": None,
}


@pytest.fixture
def path(alice: User, task_of: TaskOf) -> str:
    task = task_of(
        alice, description="By transfer", priority=4, tags=["home"], due_date="2026-03-01"
    )
    return f"/api/tasks/{task.pk}"


@pytest.mark.parametrize("kind", [MERGE_PATCH, PLAIN])
@pytest.mark.parametrize("name", EMPTY)
def test_null_takes_a_member_away_and_the_others_stay(
    api: APIClient, path: str, kind: str, name: str
) -> None:
    before: Any = api.get(path)
    answer: Any = api.patch(path, f'{{"{name}": null}}', content_type=kind)

    assert answer.status_code == 200, answer.content
    changed = answer.json()
    assert changed[name] == EMPTY[name]
    for other in EMPTY.keys() - {name}:
        assert changed[other] == before.json()[other]


@pytest.mark.parametrize("name", ["title", "status"])
def test_what_has_no_default_cannot_be_taken_away(api: APIClient, path: str, name: str) -> None:
    answer: Any = api.patch(path, f'{{"{name}": null}}', content_type=MERGE_PATCH)

    problems.check(answer, 400, name)


def test_only_patch_takes_a_merge_patch(api: APIClient, path: str) -> None:
    for send in (api.post, api.put):
        answer: Any = send(path, '{"title": "New"}', content_type=MERGE_PATCH)
        assert answer.status_code in (405, 415)
    created: Any = api.post("/api/tasks", '{"title": "New"}', content_type=MERGE_PATCH)
    problems.check(created, 415)
