"""Several workers, requests and erasures at the same time."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from bridges.models import Event
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.at_once import at_once
from tests.conftest import NOW
from tests.recurrence.conftest import SeriesOf
from todo_project.erasing import erase_account

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def names() -> Counter[tuple[object, str]]:
    return Counter(Task.objects.values_list("recurring_task_id", "occurrence"))


def test_spawners_share_the_series_and_double_none(
    alice: User, bob: User, series_of: SeriesOf
) -> None:
    for number in range(60):
        series_of((alice, bob)[number % 2], tags=["home"], reminders=[{"offset_minutes": 540}])

    def spawn() -> int:
        return services.spawn_due(now=NOW + 2 * DAY, limit=7, seconds=30)

    made = [*at_once([spawn] * 4), spawn()]

    assert sum(made) == 180
    assert len(names()) == 180
    assert set(names().values()) == {1}
    assert Event.objects.filter(type="recurring-task.due.v1").count() == 180


def test_what_a_spawner_holds_is_left_to_it(alice: User, series_of: SeriesOf) -> None:
    series_of(alice)
    with transaction.atomic():
        assert services.spawn_due(now=NOW) == 1
        assert at_once([lambda: services.spawn_due(now=NOW)]) == [0]
    assert services.spawn_due(now=NOW) == 0


def test_five_completions_of_one_occurrence_make_one_next(alice: User, series_of: SeriesOf) -> None:
    series_of(alice, trigger="completion")
    services.spawn_due(now=NOW)
    task = Task.objects.get()

    at_once([lambda: tasks.complete_task(task=task, actor=alice, now=NOW)] * 5)

    assert list(Task.objects.order_by("pk").values_list("occurrence", "status")) == [
        ("2026-03-01", "completed"),
        ("2026-03-02", "pending"),
    ]
    assert Event.objects.filter(type="recurring-task.due.v1").count() == 2


def test_completing_while_the_series_changes_neither_deadlocks_nor_doubles(
    alice: User, series_of: SeriesOf
) -> None:
    """Both lock the task before the series."""
    series = series_of(alice, trigger="completion")
    services.spawn_due(now=NOW)

    def complete() -> None:
        for _ in range(15):
            for task in Task.objects.filter(status="pending"):
                tasks.complete_task(task=task, actor=alice, now=NOW)

    def move() -> None:
        for number in range(15):
            for task in Task.objects.filter(status="pending"):
                try:
                    services.move_occurrence(
                        series=series,
                        actor=alice,
                        now=NOW,
                        occurrence=date.fromisoformat(task.occurrence),
                        to=date(2026, 5, 1 + number),
                    )
                except ValidationError:
                    continue  # done meanwhile

    def rename() -> None:
        for number in range(15):
            services.update_series(
                series=series, actor=alice, now=NOW, changes={"title": f"Title {number}"}
            )

    at_once([complete, move, rename, complete])

    assert set(names().values()) == {1}
    assert Task.objects.filter(status="pending").count() == 1


def test_a_pause_comes_before_a_spawn_or_behind_it(alice: User, series_of: SeriesOf) -> None:
    series = series_of(alice)

    def pause() -> RecurringTask:
        return services.pause_series(series=series, actor=alice, now=NOW)

    at_once([pause, lambda: services.spawn_due(now=NOW)])

    made = Task.objects.count()
    series.refresh_from_db()
    assert (series.is_active, series.spawn_at, series.made) == (False, None, made)
    assert services.spawn_due(now=NOW + 9 * DAY) == 0


def test_who_is_erased_while_spawners_run_leaves_nothing(
    alice: User, bob: User, series_of: SeriesOf
) -> None:
    for number in range(40):
        series_of((alice, bob)[number % 2])

    def spawn() -> int:
        return services.spawn_due(now=NOW, limit=3, seconds=30)

    at_once([spawn, lambda: erase_account(user=alice, now=NOW), spawn])
    spawn()

    assert Task.objects.count() == RecurringTask.objects.count() == 20
    assert not Task.objects.exclude(user=bob).exists()
