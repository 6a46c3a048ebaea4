from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_created_task_has_every_field_of_the_contract(api: APIClient, alice: User) -> None:
    answer = api.post("/api/tasks", {"title": "Pay the rent", "priority": "high", "tags": ["home"]})

    assert answer.status_code == 201
    task: dict[str, Any] = answer.json()
    assert task["priority"] == "high"
    assert task["priority_id"] == 3
    assert task["tags"] == ["home"]
    assert task["status"] == "pending"
    assert task["version"] == 1
    assert task["is_recurring"] is False
    assert task["completed_at"] is None
    assert api.get(f"/api/tasks/{task['id']}").json() == task
