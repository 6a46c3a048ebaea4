"""Kafka and PostgreSQL go and come back under load."""

import pytest

from tests.crash.checks import assert_mirrored
from tests.crash.client import Client, Load
from tests.crash.programs import Platform

pytestmark = pytest.mark.xdist_group("crash")  # one platform, which they kill parts of


def test_while_kafka_is_away_the_api_goes_on_and_the_log_catches_up(product: Platform) -> None:
    client = Client(product.api).sign_up()
    product.kill("kafka")

    tasks = [client.add_task() for _ in range(20)]
    assert client.call("GET", "/api/tasks")["total"] == len(tasks)
    assert client.call("GET", "/health/ready") == {"status": "degraded", "missing": ["kafka"]}
    product.start("kafka")

    assert_mirrored(product, tasks)


def test_a_killed_postgresql_takes_nothing_that_was_accepted(product: Platform) -> None:
    with Load(product.api).running() as load:
        for _ in range(2):
            load.go_on()
            product.restart("postgres")
        load.go_on()

    assert_mirrored(product, load.accepted)
    client = Client(product.api).sign_up()
    assert client.call("GET", "/health/ready") == {"status": "ok", "missing": []}


def test_killed_web_servers_lose_nothing_that_they_accepted(product: Platform) -> None:
    with Load(product.api).running() as load:
        for _ in range(3):
            load.go_on()
            product.restart("web")

    assert_mirrored(product, load.accepted)
