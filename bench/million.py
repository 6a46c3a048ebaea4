"""How long a million tasks take to load, beside the same rows in a table that only holds them.

The other benchmarks at scale load theirs through `database`: each is made beside the product's
own and dropped at the end.
"""

import contextlib
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from hashlib import md5
from typing import Any, Final

import psycopg

from bench.product import ROOT, Product

USERS: Final = 10_000
TASKS_EACH: Final = 100
CHUNK: Final = 500  # users loaded in one step

_USERS: Final = """
INSERT INTO accounts_user (id, email, password, is_superuser, is_staff, is_active, created_at,
                           time_zone, locale)
SELECT md5('user ' || n)::uuid, 'user' || n || '@example.com', '', false, false, true, now(),
       'Europe/Berlin', 'en'
FROM generate_series(%(first)s::int, %(last)s::int) n
"""
_TAGS: Final = """
INSERT INTO tasks_app_tag (user_id, name)
SELECT md5('user ' || n)::uuid, 'tag ' || k
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(0, 9) k
"""
# The number of the user and of the task decide all, so that a user has the same tasks everywhere.
_ROWS: Final = """
SELECT md5('user ' || n)::uuid AS user_id,
       (SELECT string_agg('word' || abs(hashint4(n * 1000 + k * 7 + w)) %% 4000, ' ')
        FROM generate_series(1, 4) w) AS title,
       CASE k %% 4 WHEN 0 THEN 'Notes on ' || k || ' of the matter' ELSE '' END AS description,
       CASE WHEN k %% 10 < 6 THEN 'pending' WHEN k %% 10 < 7 THEN 'in_progress'
            WHEN k %% 10 < 9 THEN 'completed' ELSE 'cancelled' END AS status,
       k %% 4 + 1 AS priority,
       CASE k %% 3 WHEN 0 THEN date '2026-01-01' + k * 7 %% 400 END AS due_date,
       CASE k %% 3 WHEN 1 THEN timestamptz '2026-01-01 09:00Z' + k * 7 %% 400 * interval '1 day' END
           AS due_at,
       CASE k %% 3 WHEN 1 THEN 'Europe/Berlin' ELSE '' END AS due_timezone,
       false AS notified, 1 AS version, now() AS created_at, now() AS updated_at,
       CASE WHEN k %% 10 IN (7, 8) THEN now() END AS completed_at
FROM generate_series(%(first)s::int, %(last)s::int) n, generate_series(1, %(each)s::int) k
ORDER BY n, k
"""
_TASKS: Final = f"""
INSERT INTO tasks_app_task (user_id, title, description, status, priority, due_date, due_at,
                            due_timezone, notified, version, created_at, updated_at, completed_at)
{_ROWS}
"""
_WORN: Final = """
INSERT INTO tasks_app_task_tags (task_id, tag_id)
SELECT task.id, tag.id
FROM generate_series(%(first)s::int, %(last)s::int) n
JOIN tasks_app_task task ON task.user_id = md5('user ' || n)::uuid
JOIN tasks_app_tag tag USING (user_id)
WHERE tag.name IN ('tag ' || task.priority, 'tag ' || length(task.title) %% 10)
"""
_BARE: Final = f"CREATE UNLOGGED TABLE bench_bare AS {_ROWS}"


def run(product: Product) -> None:
    with database("bench_million", users=USERS):
        pass


@contextlib.contextmanager
def database(name: str, *, users: int) -> Iterator[str]:
    """The URL of a new database with so many users of TASKS_EACH tasks, until the block ends."""
    product = os.environ["DATABASE_URL"]
    url = product.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(product, autocommit=True) as server:
        _run(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _run(server, f'CREATE DATABASE "{name}"')
        try:
            _migrate(url)
            _load(url, users)
            yield url
        finally:
            _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def user_id(number: int) -> uuid.UUID:
    """Of the user of this number, from 1 on."""
    return uuid.UUID(md5(f"user {number}".encode(), usedforsecurity=False).hexdigest())


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )


def _load(url: str, users: int) -> None:
    tasks, begun = users * TASKS_EACH, time.monotonic()
    with psycopg.connect(url, autocommit=True) as session:
        for first in range(1, users + 1, CHUNK):
            last = min(first + CHUNK - 1, users)
            for statement in (_USERS, _TAGS, _TASKS, _WORN):
                _run(session, statement, _part(first, last))
            print(f"\r{last * TASKS_EACH:>9,} of {tasks:,} tasks", end="", flush=True)
        _run(session, "VACUUM ANALYZE")
        took = time.monotonic() - begun
        print(f"\r{tasks:,} tasks of {users:,} users in {took:.1f} s, {tasks / took:,.0f}/s")
        ratio = took / _bare(session, users)
        print(f"ratio to a table without index, trigger and tags: {ratio:.1f}")


def _bare(session: psycopg.Connection[Any], users: int) -> float:
    """Seconds that the same rows take into a table that only holds them; a tenth is measured."""
    some = max(users // 10, 1)
    begun = time.monotonic()
    _run(session, _BARE, _part(1, some))
    took = time.monotonic() - begun
    _run(session, "DROP TABLE bench_bare")
    return took * users / some


def _part(first: int, last: int) -> dict[str, Any]:
    return {"first": first, "last": last, "each": TASKS_EACH}


def _run(session: psycopg.Connection[Any], statement: str, values: Any = None) -> None:
    session.execute(statement, values)
