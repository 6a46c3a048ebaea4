"""A client that gets no answer sends its POST again under the same key."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.checks import assert_mirrored
from tests.crash.client import Client
from tests.crash.programs import Platform
from tests.waiting import at_a_random_moment

pytestmark = pytest.mark.xdist_group("crash")  # one platform, which they kill parts of

CLIENTS, CALLS, TASKS = 3, 15, 20
KILLS = 12


def test_posts_repeated_to_killed_servers_are_done_once(product: Platform) -> None:
    clients = [Client(product.api).sign_up() for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(_work, client) for client in clients]
        for _ in range(KILLS):
            product.kill_children("web")
            at_a_random_moment(random.Random(), within=1)  # noqa: S311

    made = [task for each in working for task in each.result()]
    assert len(set(made)) == CLIENTS * CALLS * TASKS
    for client in clients:
        assert client.insist("GET", "/api/tasks")["total"] == CALLS * TASKS
    assert_mirrored(product, made)


def _work(client: Client) -> list[int]:
    """The ids of the tasks that the answers tell of."""
    body = {"operations": [{"op": "create", "task": {"title": "Once"}}] * TASKS}
    answers = [client.insist("POST", "/api/tasks/bulk", body) for _ in range(CALLS)]
    return [result["task"]["id"] for answer in answers for result in answer["results"]]
