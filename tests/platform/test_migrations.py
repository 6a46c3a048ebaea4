"""A migration that was interrupted, wherever, can be run again: in a database of its own."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

APART = "apart"
BEFORE = [
    ("accounts", "0001_accounts"),
    ("bridges", "0001_event_log"),
    ("sessions", "0001_initial"),
    ("tasks_app", "0001_initial"),
    ("todo_project", "0001_idempotency"),
]
# Which app goes from where to where, in the order of an upgrade.
STEPS = [
    ("tasks_app", "0001_initial", "0002_tag_details_and_calendar_data"),
    ("tasks_app", "0002_tag_details_and_calendar_data", "0003_search"),
    ("tasks_app", "0003_search", "0004_occurrence"),
    ("tasks_app", "0004_occurrence", "0005_tasks_of_a_user_in_order"),
    ("tasks_app", "0005_tasks_of_a_user_in_order", "0006_columns_filled_and_indexed"),
    ("bridges", "0001_event_log", "0002_events_of_a_user"),
    ("accounts", "0001_accounts", "0002_sessions"),
    ("recurrence_app", None, "0001_initial"),
]
WRITTEN = """
INSERT INTO accounts_user (id, email, password, is_superuser, is_staff, is_active, created_at,
                           time_zone, locale)
VALUES (gen_random_uuid(), 'alice@example.com', '', false, false, true, now(), 'UTC', 'en');
INSERT INTO tasks_app_tag (user_id, name) SELECT id, 'home' FROM accounts_user;
INSERT INTO tasks_app_task (user_id, title, description, status, priority, due_timezone, notified,
                            version, created_at, updated_at)
SELECT id, 'Pay the rent', '', 'pending', 2, '', false, 1, now(), now()
FROM accounts_user, generate_series(1, 20);
"""
SHAPE = """
SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull::text
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
       indisvalid::text
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT '', proname, pg_get_functiondef(oid), '' FROM pg_proc WHERE proname LIKE 'tasks_app_%'
"""
Shape = set[tuple[str, ...]]
Interrupt = Callable[[str, str | None, str], None]  # app, where to, which migration


class Killed(Exception):
    pass


@pytest.fixture(scope="module")
def undisturbed(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Shape]]:
    """How the database looks after each migration, there and back, if nothing happens."""
    with django_db_blocker.unblock():
        yield _there_and_back(lambda app, to, name: None)


def test_after_each_statement(undisturbed: list[Shape]) -> None:
    """What has been said is done then, if it was not in a transaction; what follows is not."""
    assert _there_and_back(_killed_after_each_statement) == undisturbed


def test_in_a_statement_that_has_to_wait(undisturbed: list[Shape]) -> None:
    """As for a row, or for a transaction that has written: an index may be left half-made."""
    assert _there_and_back(_held_up) == undisturbed


def _there_and_back(interrupt: Interrupt) -> list[Shape]:
    shapes = []
    with _database():
        for app, _, name in STEPS:
            interrupt(app, name, name)
            _migrate(app, name)
            shapes.append(_shape())
        _check_search()
        for app, before, name in reversed(STEPS):
            interrupt(app, before, name)
            _migrate(app, before)
            shapes.append(_shape())
    return shapes


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """As it was before, under the alias APART."""
    name = f"{connection.settings_dict['NAME']}_apart"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        connections.settings[APART] = {**connection.settings_dict, "NAME": name}
        try:
            MigrationExecutor(connections[APART]).migrate(BEFORE)
            connections[APART].cursor().execute(WRITTEN)
            yield
        finally:
            _disconnect()
            del connections.settings[APART]
            cursor.execute(f'DROP DATABASE "{name}" (FORCE)')


def _check_search() -> None:
    with connections[APART].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tasks_app_task WHERE search @@ 'rent'")
        assert cursor.fetchone() == (20,)


def _killed_after_each_statement(app: str, to: str | None, name: str) -> None:
    """Where all is one transaction, PostgreSQL takes it back."""
    if import_module(f"{app}.migrations.{name}").Migration.atomic:
        return
    for last in itertools.count(1):
        said = itertools.count(1)

        def kill(execute: Any, *statement: Any, last: int = last, said: Any = said) -> Any:
            result = execute(*statement)
            if next(said) == last:
                raise Killed
            return result

        try:
            with connections[APART].execute_wrapper(kill):
                return _migrate(app, to)
        except Killed:
            _disconnect()


def _held_up(app: str, to: str | None, name: str) -> None:
    """By rows that somebody holds, and then by tables that somebody has written to."""
    for held in ("SELECT FROM tasks_app_task FOR UPDATE", "SELECT"):
        apart = connections[APART]
        with psycopg.connect(**apart.get_connection_params()) as other, apart.cursor() as cursor:
            tables = apart.introspection.table_names(cursor)
            other.execute(f"LOCK TABLE {', '.join(tables)} IN ROW EXCLUSIVE MODE")
            other.execute(held)
            cursor.execute("SET statement_timeout = '200ms'")
            with pytest.raises(OperationalError):
                _migrate(app, to)
            _disconnect()


def _migrate(app: str, to: str | None) -> None:
    MigrationExecutor(connections[APART]).migrate([(app, to)])


def _disconnect() -> None:
    """As a process that ends, in the middle of a transaction or not."""
    connections[APART].close()
    del connections[APART]


def _shape() -> Shape:
    with connections[APART].cursor() as cursor:
        cursor.execute(SHAPE)
        return set(cursor.fetchall())
