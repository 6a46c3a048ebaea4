"""Searching tasks by words."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from tasks_app.models import Task
from tasks_app.services import create_tasks, update_task
from tests.conftest import NOW, TaskOf

pytestmark = pytest.mark.django_db

TITLES = [
    "Pay the rent",
    "Buy groceries",
    "Müll rausbringen",
    "牛乳を買う",
    "ซื้อนมที่ตลาด",
    "Купить молоко",
    "Café à Orléans",
    "Mail to anna@example.com",
    "re-order ink/toner",
    "C++ & C# (notes)",
]


@pytest.fixture
def tasks(alice: User, bob: User, task_of: TaskOf) -> None:
    for title in TITLES:
        task_of(alice, title=title)
        task_of(bob, title=title)
    task_of(alice, title="Letter", description="Tell the landlord about the rent")


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("rent", ["Pay the rent", "Letter"]),
        ("RENT pay", ["Pay the rent"]),
        ("ren", ["Pay the rent", "Letter"]),
        ("landlord", ["Letter"]),
        ("mull", ["Müll rausbringen"]),
        ("MÜLL", ["Müll rausbringen"]),
        ("cafe orleans", ["Café à Orléans"]),
        ("買う", ["牛乳を買う"]),
        ("牛乳", ["牛乳を買う"]),
        ("ตลาด", ["ซื้อนมที่ตลาด"]),
        ("молок", ["Купить молоко"]),
        ("example", ["Mail to anna@example.com"]),
        ("anna@example.com", ["Mail to anna@example.com"]),
        ("order", ["re-order ink/toner"]),
        ("toner", ["re-order ink/toner"]),
        ("rocer", ["Buy groceries"]),
        ("grocries", ["Buy groceries"]),
        ("rausbrigen", ["Müll rausbringen"]),
        ("zebra", []),
        ("rent zebra", []),
    ],
)
def test_words_are_found(api: APIClient, words: str, titles: list[str]) -> None:
    assert _found(api, words) == titles


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(
    "words",
    [
        "'",
        "\\",
        "rent:*",
        "rent & !pay",
        "(",
        ":*",
        "<->",
        "a|b",
        '"',
        "%",
        "_",
        "\u2019",
        "&",
        "--",
    ],
)
def test_signs_mean_nothing(api: APIClient, words: str) -> None:
    answer: Any = api.get(f"/api/tasks?q={quote(words)}")

    assert answer.status_code == 200


def test_a_title_counts_for_more_than_a_description(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task_of(alice, title="Letter", description="rent " * 3)
    task_of(alice, title="Pay the rent")
    task_of(alice, title="Rent, rent, rent")

    assert _found(api, "rent") == ["Rent, rent, rent", "Pay the rent", "Letter"]
    assert _found(api, "rent", "&sort_by=title") == ["Letter", "Pay the rent", "Rent, rent, rent"]


def test_a_search_is_narrowed_as_any_list(api: APIClient, alice: User, task_of: TaskOf) -> None:
    task_of(alice, title="Pay the rent", tags=["home"])
    task_of(alice, title="Ask for the rent", status="completed")

    assert _found(api, "rent", "&status=completed") == ["Ask for the rent"]
    assert _found(api, "rent", "&tag=home") == ["Pay the rent"]


def test_what_is_found_follows_every_change(alice: User, api: APIClient, task_of: TaskOf) -> None:
    task = task_of(alice, title="Pay the rent")
    create_tasks(owner=alice, actor=alice, now=NOW, drafts=[{"title": "Rent a car"}])
    update_task(task=task, actor=alice, now=NOW, changes={"title": "Pay the insurance"})
    assert _found(api, "rent") == ["Rent a car"]
    assert _found(api, "insur") == ["Pay the insurance"]

    Task.objects.filter(pk=task.pk).update(title="Call the bank")
    assert _found(api, "insur") == []


@pytest.mark.usefixtures("tasks")
@pytest.mark.parametrize(("words", "cost"), [("rent", 5), ("rocer", 6), ("zebra", 4)])
def test_a_search_costs(api: APIClient, words: str, cost: int) -> None:
    """The user, one or two looks ahead, the count, and a page with its tags, if any."""
    with CaptureQueriesContext(connection) as run:
        _found(api, words)

    assert len(run.captured_queries) == cost, [query["sql"] for query in run.captured_queries]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("uy roc " * 14, 1),
        ("uy roc gro oce cer ies rie eri", 1),
        ("uy roc gro oce cer ies rie eri erie", 0),
    ],
)
def test_parts_are_looked_for_of_a_few_words(
    api: APIClient, alice: User, task_of: TaskOf, words: str, found: int
) -> None:
    """Each is looked for in every text, so that a hundred would take seconds."""
    task_of(alice, title="-", description="Buy groceries")

    assert len(_found(api, words)) == found


def test_many_words_of_languages_without_spaces_are_found_as_others(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    task_of(alice, title="牛乳 を 買う と 一 二 三 四 五 六")

    assert len(_found(api, "牛乳 を 買う と 一 二 三 四 五")) == 1


def _found(api: APIClient, words: str, more: str = "") -> list[str]:
    answer: Any = api.get(f"/api/tasks?q={quote(words)}{more}")
    assert answer.status_code == 200, answer.content
    return [task["title"] for task in answer.json()["items"]]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("北京", {"北京大学报名", "今天去北京买牛奶", "我爱北京"}),
        ("ตลาด", {"ซื้อนมที่ตลาด", "ตลาดน้ำ"}),
    ],
)
def test_languages_without_spaces_are_found_wherever_a_word_stands(
    api: APIClient, alice: User, task_of: TaskOf, words: str, titles: set[str]
) -> None:
    for title in titles:
        task_of(alice, title=title)

    answer: Any = api.get(f"/api/tasks?q={quote(words)}")

    assert {task["title"] for task in answer.json()["items"]} == titles


def test_a_whole_word_comes_before_its_beginning(
    api: APIClient, alice: User, task_of: TaskOf
) -> None:
    for title in ("apple", "appleton"):
        task_of(alice, title=title)

    answer: Any = api.get("/api/tasks?q=apple")

    assert [task["title"] for task in answer.json()["items"]] == ["apple", "appleton"]
