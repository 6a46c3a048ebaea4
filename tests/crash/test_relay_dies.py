"""The relay is killed or frozen under load; Kafka gets every event all the same."""

import os
import random
import signal

import pytest

from tests.crash.checks import assert_mirrored, unpublished
from tests.crash.client import Client, Load
from tests.crash.programs import Platform
from tests.waiting import wait_for

pytestmark = pytest.mark.xdist_group("crash")  # one platform, which they kill parts of


def test_killed_relays_lose_nothing(product: Platform) -> None:
    with Load(product.api).running() as load:
        for round_ in range(4):
            load.go_on(random.randint(5, 40))  # noqa: S311
            product.restart(("relay", "relay-2")[round_ % 2])

    assert_mirrored(product, load.accepted)


def test_a_frozen_leader_is_replaced_within_seconds(product: Platform) -> None:
    client = Client(product.api).sign_up()
    leader = wait_for(lambda: _leader(product), what="a leader")
    os.kill(leader, signal.SIGSTOP)
    try:
        task = client.add_task()
        wait_for(lambda: unpublished(product) == 0, seconds=10, what="the stand-by to take over")
    finally:
        os.kill(leader, signal.SIGCONT)

    assert_mirrored(product, [task])


def _leader(product: Platform) -> int | None:
    """The process id of the relay whose metrics say that it leads."""
    for name in ("relay", "relay-2"):
        if "relay_leader 1.0" in product.metrics(name):
            return product.programs[name].pid
    return None
