"""The API with a million tasks at 16 clients: requests a second, and what they cost.

Each kind of request is sent to three servers in turn: ours; bare DRF views that run the same
statements on the same database; and ours on a database of 10,000 tasks, where the asking users
have the same 100. Ours may take 1.3 times the bare views' time for reads and 1.6 for writes, and
1.2 times its own on the small database.
"""

import contextlib
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import django
import orjson

from bench.figures import latencies
from bench.million import TASKS_EACH, USERS, database, user_id
from bench.product import Product
from bench.servers import serving
from bench.wire import Line

CLIENTS: Final = 16
SECONDS: Final = 3
ROUNDS: Final = 3
OPEN: Final = "/api/tasks?status=pending&status=in_progress&sort_by=due&limit=50"
TAG: Final = "/api/tasks?tag=tag%203&priority=high&limit=50"

# From the number of a client and of its request, and one of its tasks, to method, path and body.
Make = Callable[[int, int], tuple[str, str, bytes]]


@dataclass(frozen=True)
class Kind:
    name: str
    limit: float  # of the ratio to the bare view
    make: Make


def run(product: Product) -> None:
    django.setup()
    with contextlib.ExitStack() as stack:
        large = stack.enter_context(database("bench_large", users=USERS))
        small = stack.enter_context(database("bench_small", users=USERS // 100))
        servers = {
            "ours": serving("todo_project.settings", DATABASE_URL=large),
            "bare": serving("bench.bare_settings", DATABASE_URL=large),
            "ours, 10,000 tasks": serving("todo_project.settings", DATABASE_URL=small),
        }
        targets = {
            name: lines(stack.enter_context(server), users=CLIENTS)
            for name, server in servers.items()
        }
        worst = max(_compare(kind, targets) for kind in KINDS)
    print(f"ratio to its limit, of the request that is nearest to it: {worst:.2f}")


def lines(address: str, *, users: int) -> list[Line]:
    """A connection for each of the first users of a database of `million`'s."""
    from accounts.models import User
    from accounts.tokens import AccessToken

    ids = [user_id(number) for number in range(1, users + 1)]
    return [Line(address, str(AccessToken.for_user(User(pk=pk))), str(pk)) for pk in ids]


def _compare(kind: Kind, targets: dict[str, list[Line]]) -> float:
    """Print the figures; the larger of the two ratios, each as a share of its limit."""
    times: dict[str, list[list[float]]] = {name: [] for name in targets}
    for connections in targets.values():
        _load(kind, connections, seconds=1)
    for _ in range(ROUNDS):
        for name, connections in targets.items():
            times[name].append(_load(kind, connections, seconds=SECONDS))
    for name, rounds in times.items():
        all_ = [took for round_ in rounds for took in round_]
        rate = len(all_) / ROUNDS / SECONDS
        print(latencies(f"{kind.name}, {name}: {rate:.0f}/s", all_))
    bare, alone = (_ratio(times["ours"], times[name]) for name in ("bare", "ours, 10,000 tasks"))
    print(
        f"  time to the bare view's {bare:.2f} ({kind.limit}), to the small one's {alone:.2f} (1.2)"
    )
    return max(bare / kind.limit, alone / 1.2)


def _ratio(ours: list[list[float]], others: list[list[float]]) -> float:
    """Of the time of a request: the median over the rounds."""
    return statistics.median(len(b) / len(a) for a, b in zip(ours, others, strict=True))


def _load(kind: Kind, connections: list[Line], *, seconds: float) -> list[float]:
    """The seconds of each request that these clients got through in that time."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(connections)) as pool:
        clients = [
            pool.submit(_client, kind, client, line, until)
            for client, line in enumerate(connections)
        ]
        return [took for client in clients for took in client.result()]


def _client(kind: Kind, client: int, line: Line, until: float) -> list[float]:
    times: list[float] = []
    begun = time.monotonic()
    while begun < until:
        status, content = line.send(*kind.make(client, len(times)))
        now = time.monotonic()
        if status not in (200, 201):
            raise SystemExit(f"{kind.name}: {line.address}: {status} {content.decode()[:300]}")
        times.append(now - begun)
        begun = now
    line.close()
    return times


def _task(client: int, number: int) -> str:
    """One of the client's own: tasks are numbered user by user."""
    return f"/api/tasks/{client * TASKS_EACH + number % TASKS_EACH + 1}"


def _move(client: int, number: int) -> tuple[str, str, bytes]:
    """Each task in turn is completed and, the next time round, reopened."""
    move = "reopen" if number // TASKS_EACH % 2 else "complete"
    return "POST", f"{_task(client, number)}/{move}", b""


KINDS: Final = (
    Kind("open by due date", 1.3, lambda *_: ("GET", OPEN, b"")),
    Kind("tag with priority", 1.3, lambda *_: ("GET", TAG, b"")),
    Kind("text search", 1.3, lambda _, n: ("GET", f"/api/tasks?q=word{10 + n % 30}&limit=50", b"")),
    Kind("one task", 1.3, lambda client, n: ("GET", _task(client, n), b"")),
    Kind(
        "update",
        1.6,
        lambda client, n: ("PATCH", _task(client, n), orjson.dumps({"title": f"Title {n}"})),
    ),
    Kind("complete, reopen", 1.6, _move),
    Kind("create", 1.6, lambda *_: ("POST", "/api/tasks", b'{"title": "Pay the rent"}')),
)
