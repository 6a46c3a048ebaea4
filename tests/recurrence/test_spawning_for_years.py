"""Five years of ticks with outages, pauses and edits, against a plain loop."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from recurrence_app import services
from recurrence_app.models import RecurringTask
from tasks_app import services as tasks
from tasks_app.models import Task
from tests.conftest import NOW
from tests.recurrence.plainly import DAY, ByCalendar, Rule

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=5 * 365)
ZONES = ("Europe/Berlin", "America/New_York", "Africa/Cairo", "Asia/Tokyo", "Pacific/Apia")
Pair = tuple[RecurringTask, ByCalendar]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_each_day_has_what_the_plain_loop_says(alice: User, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    pairs = [_pair(alice, chance) for _ in range(10)]
    now = NOW
    while now < NOW + YEARS:
        services.spawn_due(now=now, limit=7, seconds=60)
        for _, model in pairs:
            model.tick(now)
        for pair in pairs:
            if chance.random() < 0.05:
                _change(pair, now, chance)
        now += _pause(chance)

    for series, model in pairs:
        series.refresh_from_db()
        assert (_days(series), series.left_out) == (model.made, model.left_out), model


def _pair(owner: User, chance: random.Random) -> Pair:
    rule = _rule(chance, NOW)
    zone, at = chance.choice(ZONES), chance.choice([None, time(0), time(9, 30), time(23, 59)])
    catch_up = chance.choice(["all", "latest", "skip"])
    series = services.create_series(
        owner=owner,
        actor=owner,
        now=NOW,
        title="x",
        recurrence_type=rule.kind,
        recurrence_interval=rule.interval,
        start_date=rule.start,
        due_time=at,
        timezone=zone,
        catch_up=catch_up,
    )
    today = NOW.astimezone(ZoneInfo(zone)).date()
    return series, ByCalendar(rule, ZoneInfo(zone), at, catch_up, begins=today)


def _rule(chance: random.Random, now: datetime) -> Rule:
    start = now.date() + DAY * chance.randint(-100, 100)
    return Rule(chance.choice(["daily", "weekly", "monthly"]), chance.randint(1, 4), start)


def _pause(chance: random.Random) -> timedelta:
    """A tick twice a day, now and then an outage of up to a hundred days."""
    days = chance.randint(2, 100) if chance.random() < 0.03 else 0
    return timedelta(days=days, hours=chance.uniform(4, 20))


def _days(series: RecurringTask) -> list[date]:
    made = Task.objects.filter(recurring_task_id=series.pk).order_by("occurrence")
    return [date.fromisoformat(name[:10]) for name in made.values_list("occurrence", flat=True)]


def _update(series: RecurringTask, now: datetime, **changes: Any) -> None:
    services.update_series(series=series, actor=series.user, now=now, changes=changes)


def _change(pair: Pair, now: datetime, chance: random.Random) -> None:
    before = replace(pair[1])
    try:
        chance.choice(CHANGES)(pair, now, chance)
    except ValidationError:  # the days that were skipped are all that would be left
        vars(pair[1]).update(vars(before))


def _turn(pair: Pair, now: datetime, chance: random.Random) -> None:
    series, model = pair
    model.is_active = not model.is_active
    turn = services.resume_series if model.is_active else services.pause_series
    turn(series=series, actor=series.user, now=now)
    model.go_on(now)


def _change_rule(pair: Pair, now: datetime, chance: random.Random) -> None:
    series, model = pair
    model.rule = rule = _rule(chance, now)
    _update(
        series,
        now,
        recurrence_type=rule.kind,
        recurrence_interval=rule.interval,
        start_date=rule.start,
        end_date=None,
    )
    model.end = None
    model.go_on(now)


def _change_time(pair: Pair, now: datetime, chance: random.Random) -> None:
    series, model = pair
    at = chance.choice([time(7), time(12), time(18), None])
    if at != model.at:
        model.at = at
        _update(series, now, due_time=at)
        model.go_on(now)


def _change_catch_up(pair: Pair, now: datetime, chance: random.Random) -> None:
    series, model = pair
    model.catch_up = chance.choice(["all", "latest", "skip"])
    _update(series, now, catch_up=model.catch_up, title=f"Title {chance.random()}")


def _skip(pair: Pair, now: datetime, chance: random.Random) -> None:
    """One of the next days."""
    series, model = pair
    today = now.astimezone(model.zone).date()
    days = [day for day in (today + DAY * n for n in range(1, 30)) if model.has(day)]
    if days:
        day = chance.choice(days)
        model.skipped.add(day)
        services.skip_occurrence(series=series, actor=series.user, now=now, occurrence=day)


def _end(pair: Pair, now: datetime, chance: random.Random) -> None:
    series, model = pair
    model.end = max(model.rule.start, now.date() + DAY * chance.randint(2, 60))
    _update(series, now, end_date=model.end)
    owed = model.begins
    model.go_on(now)  # it may have ended, and today may be one of its days again
    model.begins = min(owed, model.begins)


CHANGES = (_turn, _turn, _change_rule, _change_time, _change_catch_up, _skip, _end)


@pytest.mark.parametrize("count_from", ["due_date", "completion"])
@pytest.mark.parametrize("seed", range(3))
def test_done_at_any_time_the_next_is_what_the_plain_loop_says(
    alice: User, count_from: str, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    rule = Rule(chance.choice(["daily", "weekly", "monthly"]), chance.randint(1, 4), NOW.date())
    _, task = services.create_series_with_task(
        owner=alice,
        actor=alice,
        now=NOW,
        title="x",
        start_date=rule.start,
        recurrence_type=rule.kind,
        recurrence_interval=rule.interval,
        trigger="completion",
        count_from=count_from,
    )
    now = NOW
    for _ in range(100):
        now += timedelta(days=chance.choice([0, 1, 2, 30]), hours=chance.uniform(0, 24))
        today = now.astimezone(alice.zone).date()
        assert task.due_date is not None
        if count_from == "completion":
            rule = Rule(rule.kind, rule.interval, today)
            following = max(today, task.due_date) + DAY
        else:
            following = max(today, task.due_date + DAY)
        while not rule.has(following):
            following += DAY
        over = chance.choice([tasks.complete_task, tasks.cancel_task, tasks.delete_task])
        over(task=task, actor=alice, now=now)
        services.spawn_due(now=now)
        task = Task.objects.get(status="pending")
        assert task.due_date == following
