"""Imports beside each other, and beside everything else that is done to the same tags."""

import threading
from datetime import datetime
from typing import Any

import orjson
import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app import services
from tasks_app.models import Tag, Task
from tests.at_once import at_once
from tests.waiting import wait_for
from todo_project.portability.importing import JSON, import_file
from todo_project.portability.own_file import FORMAT

pytestmark = pytest.mark.django_db(transaction=True)


def _source(*tasks: dict[str, Any]) -> bytes:
    return orjson.dumps({"format": FORMAT, "tasks": tasks})


def test_the_same_file_three_times_at_once_is_imported_once(alice: User, api_of: Any) -> None:
    source = _source(*({"title": "a", "uid": f"u{number}"} for number in range(600)))
    clients: list[APIClient] = [api_of(alice) for _ in range(3)]

    answers = at_once(
        [
            lambda api=api: api.post("/api/import", source, content_type=JSON)  # type: ignore[misc]
            for api in clients
        ]
    )

    assert [answer.status_code for answer in answers] == [200] * 3
    assert sorted(answer.json()["created"] for answer in answers) == [0, 0, 600]
    assert sorted(answer.json()["skipped"] for answer in answers) == [0, 600, 600]
    assert Task.objects.count() == 600


def test_all_tags_are_held_before_the_first_task_is_made(alice: User, now: datetime) -> None:
    """A merge that comes in between waits for the import, and not each for the other."""
    first = services.create_tag(owner=alice, actor=alice, now=now, name="a")
    second = services.create_tag(owner=alice, actor=alice, now=now, name="b")
    tasks = [{"title": "x", "tags": ["b"]}] * 500 + [{"title": "x", "tags": ["a"]}] * 500
    steps = import_file(source=_source(*tasks), kind=JSON, owner=alice, actor=alice, now=now)
    next(steps)
    next(steps)  # the first 500 are made

    merge = threading.Thread(target=_merge, args=(first, second, alice, now))
    merge.start()
    wait_for(_somebody_waits, what="the merge to wait")
    list(steps)
    merge.join(30)

    assert list(Tag.objects.values_list("name", flat=True)) == ["b"]
    assert Task.objects.filter(tags__name="b").count() == 1000


def test_tags_of_tasks_that_are_skipped_are_not_made(alice: User, now: datetime) -> None:
    source = _source({"title": "x", "uid": "1", "tags": ["a"]})
    list(import_file(source=source, kind=JSON, owner=alice, actor=alice, now=now))
    services.update_tag(tag=Tag.objects.get(), actor=alice, now=now, changes={"name": "renamed"})

    list(import_file(source=source, kind=JSON, owner=alice, actor=alice, now=now))

    assert list(Tag.objects.values_list("name", flat=True)) == ["renamed"]


def _merge(tag: Tag, into: Tag, actor: User, now: datetime) -> None:
    try:
        services.merge_tags(tag=tag, into=into.pk, actor=actor, now=now)
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
