"""500 operations in one call, beside the same 500 in calls of their own.

A third each makes, changes and completes tasks. The one call may take a tenth of the time when it
is atomic, a quarter when each operation is for itself.
"""

import statistics
import time
from collections.abc import Sequence
from typing import Any, Final

import django
import orjson

from bench.api import lines
from bench.million import TASKS_EACH, database
from bench.product import Product
from bench.servers import serving
from bench.wire import Line

OPERATIONS: Final = 500
ROUNDS: Final = 5

Operation = dict[str, Any]


def run(product: Product) -> None:
    django.setup()
    with (
        database("bench_bulk", users=ROUNDS * OPERATIONS // TASKS_EACH) as url,
        serving("todo_project.settings", DATABASE_URL=url) as address,
    ):
        users = lines(address, users=ROUNDS * OPERATIONS // TASKS_EACH)
        singly, whole, each = ([] for _ in range(3))
        for round_ in range(ROUNDS):
            # Every round and each way has users of its own, whose tasks are as they were loaded.
            first = round_ * 3
            singly.append(_timed(_singly, users[first], _operations(first)))
            whole.append(_timed(_atomic, users[first + 1], _operations(first + 1)))
            each.append(_timed(_loose, users[first + 2], _operations(first + 2)))
    base = statistics.median(singly)
    print(f"{OPERATIONS} calls: {base:.2f} s, {OPERATIONS / base:.0f}/s")
    for name, times in (("atomic", whole), ("each for itself", each)):
        took = statistics.median(times)
        print(f"one call, {name}: {took:.3f} s; ratio {took / base:.3f}")


def _operations(user: int) -> list[Operation]:
    """For the tasks of this user, counted from 0; in rounds, so that each is used a few times."""
    operations: list[Operation] = []
    for number in range(OPERATIONS):
        id_ = user * TASKS_EACH + number % TASKS_EACH + 1
        match number % 3:
            case 0:
                operations.append({"op": "create", "task": {"title": f"Number {number}"}})
            case 1:
                task = {"title": f"Number {number}", "priority": "high"}
                operations.append({"op": "update", "id": id_, "task": task})
            case 2:
                operations.append({"op": "complete", "id": id_})
    return operations


def _timed(send: Any, line: Line, operations: Sequence[Operation]) -> float:
    line.send("GET", "/api/tasks")  # the connection, and what the server loads at first
    begun = time.monotonic()
    send(line, operations)
    return time.monotonic() - begun


def _singly(line: Line, operations: Sequence[Operation]) -> None:
    for operation in operations:
        path = f"/api/tasks/{operation.get('id')}"
        match operation["op"]:
            case "create":
                _check(*line.send("POST", "/api/tasks", orjson.dumps(operation["task"])))
            case "update":
                _check(*line.send("PATCH", path, orjson.dumps(operation["task"])))
            case "complete":
                _check(*line.send("POST", f"{path}/complete"))


def _atomic(line: Line, operations: Sequence[Operation]) -> None:
    _together(line, {"operations": operations})


def _loose(line: Line, operations: Sequence[Operation]) -> None:
    _together(line, {"atomic": False, "operations": operations})


def _together(line: Line, call: dict[str, Any]) -> None:
    content = _check(*line.send("POST", "/api/tasks/bulk", orjson.dumps(call)))
    if orjson.loads(content)["failed"]:
        raise SystemExit(f"operations failed: {content[:300]!r}")


def _check(status: int, content: bytes) -> bytes:
    if status not in (200, 201):
        raise SystemExit(f"{status} {content[:300]!r}")
    return content
