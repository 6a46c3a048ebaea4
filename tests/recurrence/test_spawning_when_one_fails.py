"""One bad series keeps nobody else's tasks from them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from accounts.models import User
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app.models import MOST_TAGS_A_USER, Tag, Task
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf

pytestmark = pytest.mark.django_db


def break_rule(series: RecurringTask) -> None:
    RecurringTask.objects.filter(pk=series.pk).update(rrule="FREQ=SOMETIMES")


def break_title(series: RecurringTask) -> None:
    RecurringTask.objects.filter(pk=series.pk).update(title="{quarter}")


def break_zone(series: RecurringTask) -> None:
    RecurringTask.objects.filter(pk=series.pk).update(timezone="Mars/Olympus")


def break_length(series: RecurringTask) -> None:
    """The database alone refuses it."""
    RecurringTask.objects.filter(pk=series.pk).update(title="{date}" * 80)


def break_tags(series: RecurringTask) -> None:
    Tag.objects.bulk_create(
        Tag(user=series.user, name=f"tag {number}") for number in range(MOST_TAGS_A_USER)
    )
    RecurringTask.objects.filter(pk=series.pk).update(tags=["one too many"])


FAULTS = {
    "rule": (break_rule, "RuleError: FREQ"),
    "title": (break_title, "KeyError"),
    "zone": (break_zone, "ZoneInfoNotFoundError"),
    "length": (break_length, "DataError"),
    "tags": (break_tags, "ValidationError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_others_get_their_tasks_and_it_says_why_it_does_not(
    alice: User, bob: User, series_of: SeriesOf, fault: str
) -> None:
    break_it, said = FAULTS[fault]
    for _ in range(3):
        series_of(alice)
    bad = series_of(bob, title="Bad")
    break_it(bad)
    failed = REGISTRY.get_sample_value("series_spawn_failed_total") or 0

    assert services.spawn_due(now=NOW) == 3

    bad.refresh_from_db()
    assert bad.last_error.startswith(said)
    assert (bad.next_occurrence, bad.last_run_at) == ("2026-03-01", NOW)
    assert bad.spawn_at == NOW + timedelta(minutes=1)
    assert REGISTRY.get_sample_value("series_spawn_failed_total") == failed + 1
    assert not Task.objects.filter(user=bob).exists()


def test_it_is_tried_again_later_and_later_and_makes_what_it_owes(
    alice: User, series_of: SeriesOf, mended: Callable[[RecurringTask], None]
) -> None:
    series = series_of(alice)
    break_rule(series)
    now, pauses = NOW, []
    for _ in range(7):
        assert services.spawn_due(now=now) == 0
        series.refresh_from_db()
        assert series.spawn_at is not None
        pauses.append((series.spawn_at - now).total_seconds() / 60)
        now = series.spawn_at
    assert pauses == [1, 4, 16, 64, 256, 360, 360]

    mended(series)
    assert services.spawn_due(now=now) == 2, "another day has begun meanwhile"
    series.refresh_from_db()
    assert (series.last_error, series.failures) == ("", 0)


@pytest.fixture
def mended() -> Callable[[RecurringTask], None]:
    def mend(series: RecurringTask) -> None:
        RecurringTask.objects.filter(pk=series.pk).update(rrule="FREQ=DAILY")

    return mend


def test_a_change_of_the_series_tries_at_once(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice)
    break_title(series)
    services.spawn_due(now=NOW)
    services.update_series(series=series, actor=alice, now=NOW, changes={"title": "Good"})
    assert services.spawn_due(now=NOW) == 1
