"""Everything dies at random moments at once, and the promises hold."""

import random

import pytest

from tests.crash.checks import assert_mailed, assert_mirrored
from tests.crash.client import Client, Load, Refused
from tests.crash.programs import NAMES, Platform
from tests.waiting import at_a_random_moment

pytestmark = pytest.mark.xdist_group("crash")  # one platform, which they kill parts of

VICTIMS = (*NAMES, "redis", "kafka", "postgres")
KILLS = 8


def test_nothing_accepted_is_lost_whatever_is_killed(product: Platform) -> None:
    seed = random.randrange(10**6)  # noqa: S311
    print(f"seed {seed}")  # noqa: T201  # shown when it fails
    chance = random.Random(seed)  # noqa: S311
    client = Client(product.api).sign_up()
    titles = set()
    with Load(product.api, users=2).running() as load:
        for number in range(KILLS):
            try:
                client.add_task_with_reminder(f"Random {number}", seconds=1)
                titles.add(f"Random {number}")
            except Refused:
                load.refused += 1
            victim = chance.choice(VICTIMS)
            product.kill(victim)
            at_a_random_moment(chance, within=1)
            product.mend()

    assert_mailed(product, client.email, titles, seconds=60)
    assert_mirrored(product, load.accepted, seconds=90)
