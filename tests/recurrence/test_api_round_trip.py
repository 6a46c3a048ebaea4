"""Whatever a schedule is, REST takes it, keeps it and gives it back."""

from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tokens import AccessToken
from recurrence_app.models import RecurringTask
from recurrence_app.rules import Schedule
from tests.contract import problems
from tests.recurrence.drawn import BOUNDED, schedules

SERIES = "/api/recurring-tasks"
MANY = 20


@pytest.mark.django_db
@settings(BOUNDED, max_examples=60)
@given(schedules())
def test_a_schedule_goes_through_rest_as_it_is(schedule: Schedule) -> None:
    with transaction.atomic():
        _check(_client(), schedule)
        transaction.set_rollback(True)


def _check(api: APIClient, schedule: Schedule) -> None:
    body = _body(schedule)
    answer: Any = api.post(SERIES, {"title": "x", **body})
    if schedule.why_empty():
        problems.check(answer, 400, "rrule")
        assert _previewed(api, body)["reason"] == schedule.why_empty()
        return
    assert answer.status_code == 201, answer.content
    made = answer.json()
    path = f"{SERIES}/{made['id']}"

    kept = RecurringTask.objects.get(pk=made["id"]).schedule()
    wanted = [each.at for each in islice(schedule.occurrences(), MANY)]
    assert (kept.start, kept.zone, kept.rule) == (schedule.start, schedule.zone, schedule.rule)
    assert [each.at for each in islice(kept.occurrences(), MANY)] == wanted
    assert api.get(path).json() == made
    assert api.put(path, made).json() == made
    assert [_instant(at) for at in _previewed(api, body)["occurrences"]] == wanted
    first = body["start_date"]
    shown: Any = api.get(f"{path}/occurrences?from={first}&to=2200-12-31").json()
    assert [_instant(each["at"]) for each in shown["items"] if not each["skipped"]][:MANY] == wanted


def _body(schedule: Schedule) -> dict[str, Any]:
    start = schedule.start
    return {
        "start_date": str(start.date() if isinstance(start, datetime) else start),
        "due_time": start.time().isoformat() if isinstance(start, datetime) else None,
        "timezone": schedule.zone.key,
        "rrule": str(schedule.rule),
        "end_date": schedule.end_date and str(schedule.end_date),
        "exdates": [each.isoformat() for each in schedule.exdates],
        "rdates": [each.isoformat() for each in schedule.rdates],
    }


def _previewed(api: APIClient, body: dict[str, Any]) -> Any:
    asked = {name: body[name] for name in ("timezone", "rrule", "end_date", "exdates", "rdates")}
    start = "T".join(filter(None, (body["start_date"], body["due_time"])))
    answer: Any = api.post(f"{SERIES}/preview", {**asked, "start": start, "count": MANY})
    assert answer.status_code == 200, answer.content
    return answer.json()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _client() -> APIClient:
    alice = User.objects.create_user("alice@example.com", time_zone="Europe/Berlin")
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(alice)}")
