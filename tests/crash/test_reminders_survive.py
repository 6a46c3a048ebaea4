"""Whoever dies between a reminder's time and its mail, the mail comes."""

import random
from urllib.request import urlopen

import pytest

from tests.crash.checks import assert_mailed, assert_mirrored, query
from tests.crash.client import Client
from tests.crash.programs import Platform
from tests.waiting import at_a_random_moment, wait_for

pytestmark = pytest.mark.xdist_group("crash")  # one platform, which they kill parts of


def test_killed_workers_send_each_reminder(product: Platform) -> None:
    client = Client(product.api).sign_up()
    titles = {f"Worker {number}" for number in range(40)}
    tasks = [client.add_task_with_reminder(title, seconds=2) for title in sorted(titles)]

    kills = 5
    for _ in range(kills):
        at_a_random_moment(random.Random(), within=1)  # noqa: S311
        product.restart("worker")
        product.restart("worker-ticks")

    repeats = assert_mailed(product, client.email, titles)
    assert repeats <= kills * 2  # the sends that two children had in hand at each kill
    assert_mirrored(product, tasks)


def test_a_dead_beat_makes_reminders_late_not_lost(product: Platform) -> None:
    client = Client(product.api).sign_up()
    product.kill("beat")
    client.add_task_with_reminder("Beat", seconds=0)
    wait_for(
        lambda: query(product, "SELECT 1 FROM notifications_app_reminder WHERE fire_at < now()")
    )

    product.start("beat")

    assert assert_mailed(product, client.email, {"Beat"}) == 0
    assert not query(product, "SELECT id FROM event_log WHERE causation_id = ''"), (
        "caused by nothing"
    )


def test_an_emptied_redis_loses_no_reminder(product: Platform) -> None:
    import redis

    client = Client(product.api).sign_up()
    titles = {f"Flushed {number}" for number in range(20)}
    for title in sorted(titles):
        client.add_task_with_reminder(title, seconds=1)

    with redis.Redis.from_url(product.services.redis_url) as server:
        for _ in range(20):
            server.flushall()
            at_a_random_moment(random.Random(), within=0.2)  # noqa: S311

    assert assert_mailed(product, client.email, titles) == 0


def test_while_redis_is_away_the_api_goes_on_and_reminders_come_after(product: Platform) -> None:
    client = Client(product.api).sign_up()
    product.kill("redis")

    titles = {f"Redis {number}" for number in range(5)}
    tasks = [client.add_task_with_reminder(title, seconds=0) for title in sorted(titles)]
    assert client.call("GET", "/api/tasks")["total"] == len(tasks)
    assert client.call("GET", "/health/ready") == {"status": "degraded", "missing": ["redis"]}
    product.start("redis")

    assert_mailed(product, client.email, titles)
    assert_mirrored(product, tasks)
    with urlopen(f"{product.api}/health/ready") as answer:  # noqa: S310
        assert answer.status == 200
