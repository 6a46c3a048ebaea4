"""Whatever is done in whatever order: the tables and the event log tell the same story."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import AccessToken
from bridges.models import Event
from tasks_app.models import Tag
from tests.at_once import at_once
from tests.properties import story
from tests.properties.operations import OPERATIONS, Known, Operation, ask

CLIENTS = 4
EXPECTED = {200, 201, 204, 400, 404, 409, 412, 422}
BOUNDED = settings(
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.django_db
@settings(BOUNDED, max_examples=150)
@given(st.lists(OPERATIONS, min_size=5, max_size=25))
def test_one_client_after_another(wanted: list[Operation]) -> None:
    with transaction.atomic():
        api, known = _client(), Known()
        for operation in wanted:
            before = Event.objects.count()
            answer = ask(api, known, operation)

            assert answer.status_code < 500
            _check_events(answer, before)
            _check_reading_back(api, answer, operation)
            _learn_tags(known)
        story.check()
        transaction.set_rollback(True)


def _check_events(answer: Any, before: int) -> None:
    """What was refused, or was answered from what is kept, has changed nothing."""
    if answer.status_code >= 400 or "Idempotency-Replayed" in answer.headers:
        assert Event.objects.count() == before


def _check_reading_back(api: APIClient, answer: Any, operation: Operation) -> None:
    if answer.status_code not in (200, 201) or operation.verb == "bulk":
        return
    if "Idempotency-Replayed" in answer.headers:
        return
    kind = "tags" if "tag" in operation.verb else "tasks"
    told = answer.json()
    read: Any = api.get(f"/api/{kind}/{told['id']}")
    assert read.json() == told
    assert read.headers["ETag"] == answer.headers["ETag"] == f'"{told["version"]}"'


def _learn_tags(known: Known) -> None:
    """Those too that tasks made by naming them."""
    known.tags[:] = sorted({*known.tags, *Tag.objects.values_list("pk", flat=True)})


@pytest.mark.django_db(transaction=True)
# What happens at the same time does not happen again: there is nothing to make smaller.
@settings(BOUNDED, max_examples=20, phases=[Phase.generate])
@given(st.lists(st.lists(OPERATIONS, min_size=3, max_size=8), min_size=CLIENTS, max_size=CLIENTS))
def test_clients_at_the_same_time(scripts: list[list[Operation]]) -> None:
    api, known = _client(), Known()
    for number in range(3):
        made: Any = api.post("/api/tasks", {"title": f"Task {number}", "tags": ["home", "work"]})
        known.tasks.append(made.json()["id"])
    _learn_tags(known)

    answers = at_once([partial(_perform, api, known, script) for script in scripts])

    assert {answer.status_code for each in answers for answer in each} <= EXPECTED
    story.check()


def _perform(api: APIClient, known: Known, script: list[Operation]) -> list[Any]:
    """By another client of the same user's."""
    other = APIClient()
    other.defaults = api.defaults
    return [ask(other, known, operation) for operation in script]


def _client() -> APIClient:
    """A new user's."""
    user = User.objects.create(email=f"{uuid4()}@example.com", time_zone="Asia/Tokyo")
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
