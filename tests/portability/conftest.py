from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from rest_framework.test import APIClient

from accounts.models import User
from recurrence_app.services import create_series
from tasks_app.models import Task
from tests.conftest import NOW, TaskOf


@pytest.fixture
def full(alice: User, api: APIClient, task_of: TaskOf) -> Task:
    """Alice has something of everything."""
    task_of(
        alice,
        title="Done with; it\\",
        description="line one\nline two",
        priority=4,
        tags=["home", "a,b"],
        due_date=date(2026, 3, 1),
        status="completed",
        completed_at=datetime(2026, 2, 1, tzinfo=UTC),
    )
    task = task_of(
        alice,
        title="Müll 🗑",
        tags=["home"],
        due_at=datetime(2100, 3, 29, 1, 30, tzinfo=UTC),
        due_timezone="America/New_York",
        calendar_uid="elsewhere-1",
        calendar={
            "lines": ["RRULE:FREQ=WEEKLY"],
            "alarms": ["BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"],
        },
    )
    api.post(f"/api/tasks/{task.pk}/reminders", {"offset_minutes": -60})
    create_series(
        owner=alice,
        actor=alice,
        now=NOW,
        title="Müll 🗑",
        start_date=date(2026, 3, 1),
        recurrence_type="weekly",
        tags=["home"],
        exdates=[date(2026, 3, 8)],
        due_time=time(7),
    )
    api.post("/api/tasks", {"title": "Once"}, HTTP_IDEMPOTENCY_KEY="one")
    return task


@pytest.fixture
def nothing_kept(api: APIClient) -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that the product has."""
    return {model._meta.label: _rows(model) for model in apps.get_models()}


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())
