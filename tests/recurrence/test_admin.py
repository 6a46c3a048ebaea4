"""The operator's door to series."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from bridges.models import Event
from recurrence_app.models import RecurringTask
from tasks_app.models import Task
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db

LIST = "/admin/recurrence_app/recurringtask/"
START = date(2100, 1, 31)


@pytest.fixture
def series(alice: User, series_of: SeriesOf) -> RecurringTask:
    return series_of(alice, start_date=START, recurrence_type="monthly")


def act(client: Client, action: str, series: RecurringTask) -> str:
    form = {"action": action, "_selected_action": [str(series.pk)]}
    answer: Any = client.post(LIST, form, follow=True)
    series.refresh_from_db()
    return str(answer.content.decode())


def test_a_series_shows_its_next_ten_occurrences_its_rule_and_its_last_run(
    admin: Client, series: RecurringTask
) -> None:
    RecurringTask.objects.update(last_error="It broke", last_run_at=timezone.now())
    page = admin.get(f"{LIST}{series.pk}/change/").content.decode()

    assert "Sun 2100-01-31 (2100-01-30 23:00 UTC)" in page
    assert "2100-02-28" in page
    assert "Sun 2100-10-31" in page
    assert "2100-11-30" not in page
    assert "It broke" in page


@pytest.mark.parametrize("query", ["", "?q=plants", "?q=alice", "?failing=yes", "?is_active=1"])
def test_series_are_found(admin: Client, series: RecurringTask, query: str) -> None:
    RecurringTask.objects.update(last_error="It broke")
    assert "It broke" in admin.get(LIST + query).content.decode()


def test_one_that_nobody_can_read_is_shown_all_the_same(
    admin: Client, series: RecurringTask
) -> None:
    RecurringTask.objects.update(rrule="FREQ=SOMETIMES")
    page = admin.get(f"{LIST}{series.pk}/change/")
    assert "can&#x27;t be read" in page.content.decode()


def test_the_actions_go_through_the_services(
    admin: Client, operator: User, series: RecurringTask
) -> None:
    act(admin, "pause", series)
    assert not series.is_active
    act(admin, "resume", series)
    assert series.is_active
    act(admin, "run_now", series)
    assert Task.objects.get().due_date == START

    events = Event.objects.order_by("seq")[1:]
    assert {event.actor_id for event in events} == {operator.pk}
    assert [event.type for event in events] == [
        "recurring-task.paused.v1",
        "recurring-task.resumed.v1",
        "task.created.v1",
        "recurring-task.due.v1",
    ]


def test_what_cannot_be_done_is_said(admin: Client, series: RecurringTask) -> None:
    act(admin, "pause", series)
    assert "It is paused" in act(admin, "run_now", series)


def test_a_series_is_deleted_with_its_event(admin: Client, series: RecurringTask) -> None:
    admin.post(f"{LIST}{series.pk}/delete/", {"post": "yes"})
    assert not RecurringTask.objects.exists()
    assert Event.objects.latest("seq").type == "recurring-task.deleted.v1"


def test_who_may_only_look_has_no_actions(bob: User, series: RecurringTask) -> None:
    bob.is_staff = True
    bob.save()
    bob.user_permissions.add(Permission.objects.get(codename="view_recurringtask"))
    client = Client()
    client.force_login(bob)
    assert client.get(LIST).status_code == 200
    act(client, "pause", series)
    assert series.is_active
