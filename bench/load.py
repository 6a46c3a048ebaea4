"""Ten minutes of 1,000 signed-in users who send 100 requests a second to the whole product.

A million tasks are loaded. Each user keeps a connection; who sends when is fixed beforehand, and a
request's time counts from when it should have been sent, so that a slow server cannot slow the
load down. The p95 may be 200 ms, no request may fail, and the memory has to stay flat. For
comparison, bare DRF views get the same requests for a minute. LOAD_SECONDS makes it shorter.
"""

import asyncio
import contextlib
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Final

import django
import orjson
import psutil

from bench.api import lines
from bench.figures import latencies, percentile
from bench.million import TASKS_EACH, USERS, database
from bench.open_loop import Sent, send_all
from bench.product import Product
from bench.servers import process, serving

USERS_AT_ONCE: Final = 1000
RATE: Final = 100  # requests a second
SECONDS: Final = int(os.environ.get("LOAD_SECONDS", "600"))
BARE_SECONDS: Final = min(60, SECONDS)
SETTLED: Final = min(120, SECONDS // 2)  # seconds until memory is compared
P95_LIMIT: Final = 0.2
GROWTH_LIMIT: Final = 1.05

# What people do with such a product, of 100 requests.
MIX: Final = {
    "list": 40,
    "tag": 8,
    "search": 7,
    "read": 20,
    "create": 10,
    "update": 9,
    "complete": 6,
}


def run(product: Product) -> None:
    django.setup()
    with database("bench_load", users=USERS) as url:
        with _whole_product(url) as (address, processes):
            times, growth = _load(address, processes)
        with serving("bench.bare_settings", DATABASE_URL=url) as address:
            bare = asyncio.run(send_all(_plan(BARE_SECONDS), lines(address, users=USERS_AT_ONCE)))
    print(latencies("bare DRF views, all requests", _good(bare)))
    p95 = percentile(times, 0.95)
    print(f"memory after {SETTLED} s and at the end: {growth:.2f} times (limit {GROWTH_LIMIT})")
    print(f"ratio of p95 to the limit of 200 ms: {p95 / P95_LIMIT:.2f}")
    print(f"ratio of p95 to the bare views': {p95 / percentile(_good(bare), 0.95):.2f}")


@contextlib.contextmanager
def _whole_product(url: str) -> Iterator[tuple[str, list[int]]]:
    """Every process on the loaded database, with topics and a Redis database of its own."""
    redis = os.environ["REDIS_URL"].rpartition("/")[0]
    own = {
        "DATABASE_URL": url,
        "REDIS_URL": f"{redis}/9",
        "KAFKA_TOPIC_PREFIX": "bench-load-",
        "CELERY_SKIP_CHECKS": "true",
    }
    with contextlib.ExitStack() as stack:
        for name in ("relay", "worker", "worker-ticks", "beat"):
            stack.enter_context(process(name, **own))
        address = stack.enter_context(serving("todo_project.settings", **own))
        yield address, [child.pid for child in psutil.Process().children(recursive=True)]


def _load(address: str, processes: list[int]) -> tuple[list[float], float]:
    """The times of the requests, and how much the processes have grown."""
    memory: list[tuple[float, float]] = []
    begun = time.monotonic()

    def look() -> None:
        memory.append((time.monotonic() - begun, _resident(processes)))
        print(f"\r{memory[-1][0]:5.0f} of {SECONDS} s, {memory[-1][1]:.0f} MiB", end="", flush=True)

    sent = asyncio.run(
        send_all(_plan(SECONDS), lines(address, users=USERS_AT_ONCE), meanwhile=look)
    )
    print()
    for name in MIX:
        print(latencies(name, _good([one for one in sent if one.name == name])))
    times = _good(sent)
    print(latencies(f"all, {len(times) / SECONDS:.0f}/s", times))
    early = next(size for at, size in memory if at >= SETTLED)
    return times, memory[-1][1] / early


def _good(sent: list[Sent]) -> list[float]:
    failed = Counter((one.name, one.status) for one in sent if one.status not in (200, 201))
    if failed:
        raise SystemExit(f"requests failed: {dict(failed)}")
    return [one.took for one in sent]


def _plan(seconds: int) -> list[tuple[float, int, str, tuple[str, str, bytes]]]:
    """When, of which user, what kind, and the request: the same in each run."""
    dice = random.Random(1)  # noqa: S311
    kinds = dice.choices(list(MIX), weights=list(MIX.values()), k=seconds * RATE)
    users = [number for _ in range(seconds * RATE // USERS_AT_ONCE + 1) for number in _all(dice)]
    return [
        (number / RATE, users[number], kind, _request(kind, users[number], dice))
        for number, kind in enumerate(kinds)
    ]


def _all(dice: random.Random) -> list[int]:
    return dice.sample(range(USERS_AT_ONCE), USERS_AT_ONCE)


def _request(kind: str, user: int, dice: random.Random) -> tuple[str, str, bytes]:
    task = f"/api/tasks/{user * TASKS_EACH + dice.randrange(TASKS_EACH) + 1}"
    match kind:
        case "list":
            return "GET", "/api/tasks?status=pending&status=in_progress&sort_by=due&limit=50", b""
        case "tag":
            return "GET", "/api/tasks?tag=tag%203&priority=high&limit=50", b""
        case "search":
            return "GET", f"/api/tasks?q=word{dice.randrange(10, 40)}&limit=50", b""
        case "read":
            return "GET", task, b""
        case "create":
            body = {"title": f"Number {dice.random()}", "description": "Made under load."}
            return "POST", "/api/tasks", orjson.dumps(body)
        case "update":
            return "PATCH", task, orjson.dumps({"title": f"Number {dice.random()}"})
    return "POST", f"{task}/{dice.choice(['complete', 'reopen'])}", b""


def _resident(processes: list[int]) -> float:
    return sum(psutil.Process(pid).memory_info().rss for pid in processes) / 1024**2
