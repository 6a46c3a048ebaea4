"""How fast one worker makes the tasks of 100,000 series that are due in the same minute, beside a
bare program that copies the same rows of tasks and events into the same tables in batches of the
same size; how long the API takes meanwhile, of which 200 ms are the limit at p95; and what a tick
costs when nothing is due among 1,000,000 series.
"""

import asyncio
import multiprocessing
import os
import resource
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import django
import psycopg

from bench import million
from bench.api import lines
from bench.figures import latencies
from bench.open_loop import Planned, send_all
from bench.product import Product
from bench.servers import serving

DUE: Final = 100_000
RESTING: Final = 1_000_000
BATCH: Final = 500
TICKS: Final = 200
USERS: Final = 20
RATE: Final = 20  # requests a second to the API beside the spawning
BESIDE: Final = 20  # seconds of them

_SERIES: Final = """
INSERT INTO recurrence_app_recurringtask (
    id, user_id, title, description, priority, tags, reminders, recurrence_type,
    recurrence_interval, rrule, is_simple, start_date, due_time, timezone, exdates, rdates, moved,
    trigger, count_from, create_ahead, catch_up, is_active, next_due_at, next_occurrence_at,
    next_occurrence, waiting, last_occurrence, spawn_at, made, left_out, last_error, failures,
    version, created_at, updated_at
)
SELECT gen_random_uuid(), %(user)s, 'Water plant ' || n || ' on {date}', '', 2, '{}', '[]',
       (ARRAY['daily', 'weekly', 'monthly'])[n %% 3 + 1], 1,
       (ARRAY['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU',
              'FREQ=MONTHLY;SKIP=BACKWARD'])[n %% 3 + 1],
       n %% 3 <> 1, (%(day)s - interval '1 year')::date,
       CASE n %% 2 WHEN 0 THEN time '09:00' END, 'Europe/Berlin',
       '{}', '{}', '{}', 'calendar', 'due_date', 0, 'all', true, %(day)s, %(spawn_at)s,
       %(day)s || CASE n %% 2 WHEN 0 THEN 'T09:00:00' ELSE '' END, '{}', '', %(spawn_at)s,
       0, 0, '', 0, 1, now(), now()
FROM generate_series(1, %(number)s) n
"""


def run(product: Product) -> None:
    with million.database("bench_spawning", users=USERS) as url:
        os.environ["DATABASE_URL"] = url
        django.setup()
        now = datetime.now(UTC)
        with psycopg.connect(url, autocommit=True) as session:
            _load(session, DUE, day=_today(now), spawn_at=now - timedelta(seconds=30))
            ours = _spawn(now)
            bare = _copy(session)
            print(f"ratio to the bare program: {bare / ours:.2f}")
            _load(session, DUE, day=_today(now), spawn_at=now - timedelta(seconds=30))
            _ask_beside(url, now)
            later = now + timedelta(days=9)
            _load(session, RESTING, day=_today(later), spawn_at=later)
            _tick(now)


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo("Europe/Berlin")).date()


def _load(session: psycopg.Connection[Any], number: int, *, day: date, spawn_at: datetime) -> None:
    fields = {"number": number, "user": million.user_id(1), "day": day, "spawn_at": spawn_at}
    session.execute(_SERIES, fields)
    session.execute("VACUUM ANALYZE recurrence_app_recurringtask")


def _spawn(now: datetime) -> float:
    """Tasks a second."""
    from recurrence_app import services

    begun, made, first = time.perf_counter(), 0, 0.0
    while tasks := services.spawn_due(now=now, limit=BATCH):
        made += tasks
        first = first or _resident()
    took = time.perf_counter() - begun
    print(f"{made:,} tasks of {DUE:,} series by one worker: {made / took:,.0f}/s, of 1,500 wanted")
    print(f"its memory: {first:.0f} MiB after the first tick, {_resident():.0f} after the last")
    return made / took


def _ask_beside(url: str, now: datetime) -> None:
    """The API's times while a worker does nothing but make tasks."""
    from recurrence_app import services

    alone = multiprocessing.get_context("spawn")  # a thread would share the worker's interpreter
    with serving("todo_project.settings", DATABASE_URL=url) as address, alone.Pool(1) as pool:
        asked = pool.apply_async(_ask, [address])
        while not asked.ready() and services.spawn_due(now=now, limit=BATCH):
            pass
        print(latencies("the API beside it", asked.get()))


def _ask(address: str) -> list[float]:
    django.setup()
    read = ("GET", "/api/tasks?status=pending&sort_by=due&limit=50", b"")
    make = ("POST", "/api/tasks", b'{"title": "Pay the rent"}')
    plan: list[Planned] = [
        (number / RATE, 1 + number % (USERS - 1), "", (read, make)[number % 2])
        for number in range(RATE * BESIDE)
    ]
    sent = asyncio.run(send_all(plan, lines(address, users=USERS)))
    if failed := {one.status for one in sent} - {200, 201}:
        raise SystemExit(f"the API answered {failed}")
    return [one.took for one in sent]


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tick(now: datetime) -> None:
    from recurrence_app import services

    seconds = []
    for _ in range(TICKS):
        begun = time.perf_counter()
        services.spawn_due(now=now)
        seconds.append(time.perf_counter() - begun)
    print(latencies(f"a tick, nothing due of {RESTING:,} series", seconds))


def _copy(session: psycopg.Connection[Any]) -> float:
    """The rows that were just made once more, under other ids, by COPY; tasks a second."""
    tasks = _rows(session, "tasks_app_task", {"id", "search", "recurring_task_id", "occurrence"})
    events = _rows(session, "event_log", {"seq"})
    begun = time.perf_counter()
    for first in range(0, DUE, BATCH):
        with session.transaction():
            _copy_in(session, tasks, first, BATCH)
            _copy_in(session, events, 2 * first, 2 * BATCH)
    took = time.perf_counter() - begun
    print(f"bare program: {DUE / took:,.0f}/s")
    return DUE / took


class Rows(NamedTuple):
    table: str
    columns: list[str]
    values: list[list[str | None]]


def _rows(session: psycopg.Connection[Any], table: str, without: set[str]) -> Rows:
    """The last ones, as text."""
    with session.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} LIMIT 0".encode())  # noqa: S608
        columns = [column.name for column in cursor.description or ()]
        columns = [name for name in columns if name not in without]
        texts = ", ".join(f"{name}::text" for name in columns)
        limit = 2 * DUE if table == "event_log" else DUE
        cursor.execute(f"SELECT {texts} FROM {table} ORDER BY ctid DESC LIMIT {limit}".encode())  # noqa: S608
        values = [list(row) for row in cursor.fetchall()]
    if "id" in columns:  # the only one that has to be another
        for row in values:
            row[columns.index("id")] = str(uuid.uuid4())
    return Rows(table, columns, values)


def _copy_in(session: psycopg.Connection[Any], rows: Rows, first: int, number: int) -> None:
    statement = f"COPY {rows.table} ({', '.join(rows.columns)}) FROM STDIN"
    with session.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows.values[first : first + number]:
            copy.write_row(row)
