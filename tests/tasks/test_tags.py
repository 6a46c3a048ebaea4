"""Tags through their own door. What their changes do to tasks is in test_retagging."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Tag
from tests.conftest import NOW, TaskOf
from tests.contract import problems

pytestmark = pytest.mark.django_db

NEVER = 999_999_999


@pytest.fixture
def tag(alice: User) -> Tag:
    return Tag.objects.create(user=alice, name="home", color="#33aa66", created_at=NOW)


@pytest.fixture
def bobs(bob: User, task_of: TaskOf) -> Tag:
    task_of(bob, tags=["bob's"])
    return Tag.objects.get(user=bob)


def test_a_made_tag_has_every_field(api: APIClient) -> None:
    answer: Any = api.post("/api/tags", {"name": " home ", "color": "#33AA66"})

    assert (answer.status_code, answer["ETag"]) == (201, '"1"')
    tag = answer.json()
    assert tag == api.get(f"/api/tags/{tag['id']}").json()
    assert tag.pop("id") > 0
    assert tag.pop("created_at") == tag.pop("updated_at")
    assert tag == {"name": "home", "color": "#33aa66", "tasks": 0, "open_tasks": 0, "version": 1}


def test_a_tag_needs_no_colour_and_may_lose_it(api: APIClient, tag: Tag) -> None:
    made: Any = api.post("/api/tags", {"name": "bank"})
    changed: Any = api.patch(f"/api/tags/{tag.pk}", {"color": None})

    assert made.json()["color"] is changed.json()["color"] is None


def test_counts_tell_worn_and_open(api: APIClient, alice: User, bob: User, task_of: TaskOf) -> None:
    task_of(bob, tags=["home"])
    for status in ("pending", "in_progress", "completed", "cancelled"):
        task_of(alice, tags=["home", "bank"] if status == "pending" else ["home"], status=status)
    Tag.objects.create(user=alice, name="new")

    assert _counts(api, "") == [("bank", 1, 1), ("home", 4, 2), ("new", 0, 0)]
    home: Any = api.get(f"/api/tags/{Tag.objects.get(user=alice, name='home').pk}")
    assert (home.json()["tasks"], home.json()["open_tasks"]) == (4, 2)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "bank home house"),
        ("sort_order=desc", "house home bank"),
        ("sort_by=name&sort_order=asc", "bank home house"),
        ("sort_by=tasks", "house bank home"),
        ("sort_by=tasks&sort_order=desc", "home bank house"),
        ("sort_by=open_tasks", "home house bank"),
        ("sort_by=created_at", "home house bank"),
        ("q=ho", "home house"),
        ("q=HOM", "home"),
        ("q=ome", ""),
        ("q=%25", ""),
        ("q=", "bank home house"),
    ],
)
@pytest.mark.parametrize("pages", ["offset={}", "cursor={}"])
def test_a_list_is_sorted_and_narrowed_page_by_page(
    api: APIClient, alice: User, task_of: TaskOf, query: str, names: str, pages: str
) -> None:
    for day, name in enumerate(("home", "house", "bank"), start=1):
        Tag.objects.create(user=alice, name=name, created_at=NOW.replace(day=day))
    for _ in range(2):
        task_of(alice, tags=["home"], status="completed")
    task_of(alice, tags=["bank"])

    assert " ".join(item["name"] for item in _list(api, query)["items"]) == names
    assert " ".join(_page_by_page(api, f"{query}&limit=1&{pages}")) == names


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("sort_by=color", "sort_by"),
        ("sort_order=down", "sort_order"),
        ("q=" + "x" * 51, "q"),
        ("q=%00", "q"),
        ("name=home", "name"),
        ("limit=0", "limit"),
    ],
)
def test_a_parameter_that_means_nothing_is_named(
    api: APIClient, query: str, parameter: str
) -> None:
    problems.check(api.get(f"/api/tags?{query}"), 400, parameter)


NO_NAMES: list[Any] = [None, "", "  ", "x" * 51, "nul\0", 5, True, ["x"], {}, "bank"]
NO_COLORS: list[Any] = ["", "red", "#33aa6", "#33aa666", "33aa66", "#33aa6g", "#33aa66\0", 5, []]
BAD: list[tuple[dict[str, Any], str]] = [
    *(({"name": value}, "name") for value in NO_NAMES),
    *(({"color": value}, "color") for value in NO_COLORS),
    ({"colour": "#33aa66"}, "colour"),
    ({"user": "bob"}, "user"),
]


@pytest.mark.parametrize(("body", "field"), BAD, ids=lambda part: ascii(part)[:40])
def test_bad_input_is_a_400_that_names_its_field(
    api: APIClient, alice: User, tag: Tag, body: dict[str, Any], field: str
) -> None:
    Tag.objects.create(user=alice, name="bank")

    problems.check(api.post("/api/tags", {"name": "new", **body}), 400, field)
    problems.check(api.put(f"/api/tags/{tag.pk}", body), 400, field)
    assert sorted(Tag.objects.values_list("name", "color")) == [("bank", ""), ("home", "#33aa66")]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"into": None}, {"into": "x"}, {"into": 0}, {"into": -1}, {"into": 2**63}]
)
def test_a_merge_names_the_tag_that_stays(api: APIClient, tag: Tag, body: Any) -> None:
    problems.check(api.post(f"/api/tags/{tag.pk}/merge", body), 400, "into")


def test_a_tag_merges_into_another_of_its_owners_only(
    api: APIClient, tag: Tag, bobs: Tag, task_of: TaskOf
) -> None:
    absent: Any = api.post(f"/api/tags/{tag.pk}/merge", {"into": NEVER})
    foreign: Any = api.post(f"/api/tags/{tag.pk}/merge", {"into": bobs.pk})

    problems.check(foreign, 400, "into")
    problems.check(api.post(f"/api/tags/{tag.pk}/merge", {"into": tag.pk}), 400, "into")
    assert absent.content == foreign.content
    assert Tag.objects.count() == 2


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("get", "", None),
        ("put", "", {"name": "mine"}),
        ("patch", "", {"name": "mine"}),
        ("delete", "", None),
        ("post", "/merge", {"into": 1}),
    ],
)
def test_a_foreign_tag_is_a_404_in_every_verb(
    api: APIClient, bobs: Tag, method: str, suffix: str, body: Any
) -> None:
    foreign: Any = getattr(api, method)(f"/api/tags/{bobs.pk}{suffix}", body)
    absent: Any = getattr(api, method)(f"/api/tags/{NEVER}{suffix}", body)

    assert foreign.status_code == 404
    assert foreign.content == absent.content
    assert _list(api, "")["items"] == []
    assert Tag.objects.get().name == "bob's"


def test_two_users_may_have_tags_of_one_name(api: APIClient, bobs: Tag) -> None:
    answer: Any = api.post("/api/tags", {"name": "bob's"})

    assert answer.status_code == 201


WRITES: dict[str, Callable[[APIClient, str, int], Callable[..., Any]]] = {
    "rename": lambda api, path, _: lambda **tag: api.patch(path, {"name": "new"}, **tag),
    "recolour": lambda api, path, _: lambda **tag: api.put(path, {"color": None}, **tag),
    "nothing": lambda api, path, _: lambda **tag: api.patch(path, {}, **tag),
    "delete": lambda api, path, _: lambda **tag: api.delete(path, **tag),
    "merge": lambda api, path, other: (
        lambda **tag: api.post(f"{path}/merge", {"into": other}, **tag)
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_to_another_version_is_a_412_that_shows_the_present(
    api: APIClient, alice: User, tag: Tag, write: str
) -> None:
    other = Tag.objects.create(user=alice, name="bank")
    send = WRITES[write](api, f"/api/tags/{tag.pk}", other.pk)
    seen: Any = api.patch(f"/api/tags/{tag.pk}", {"color": "#000000"})

    refused = send(HTTP_IF_MATCH='"1"')
    problem = problems.check(refused, 412)
    assert (problem["version"], problem["current"], refused["ETag"]) == (2, seen.json(), '"2"')
    assert send(HTTP_IF_MATCH=seen["ETag"]).status_code in (200, 204)


def test_a_user_has_so_many_tags_and_no_more(
    api: APIClient, alice: User, task_of: TaskOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks_app.services.naming.MOST_TAGS_A_USER", 3)
    task = task_of(alice, tags=["a", "b"])

    problems.check(api.post("/api/tasks", {"title": "x", "tags": ["c", "d"]}), 400, "tags")
    problems.check(api.patch(f"/api/tasks/{task.pk}", {"tags": ["c", "d"]}), 400, "tags")
    assert api.post("/api/tasks", {"title": "x", "tags": ["a", "b", "c"]}).status_code == 201
    problems.check(api.post("/api/tags", {"name": "d"}), 400, "name")
    assert Tag.objects.count() == 3


@pytest.mark.parametrize("tags", [1, 100])
def test_a_list_costs_three_statements_however_many_tags_there_are(
    api: APIClient, alice: User, task_of: TaskOf, tags: int
) -> None:
    for number in range(0, tags, 50):
        task_of(alice, tags=[f"{each:03}" for each in range(number, min(tags, number + 50))])

    with CaptureQueriesContext(connection) as run:
        assert len(_list(api, "limit=200&sort_by=tasks")["items"]) == tags
    assert len(run) == 3  # who asks, how many, which


def _list(api: APIClient, query: str) -> dict[str, Any]:
    answer: Any = api.get(f"/api/tags?{query}")
    assert answer.status_code == 200, answer.content
    page: dict[str, Any] = answer.json()
    return page


def _counts(api: APIClient, query: str) -> list[tuple[str, int, int]]:
    items = _list(api, query)["items"]
    return [(item["name"], item["tasks"], item["open_tasks"]) for item in items]


def _page_by_page(api: APIClient, query: str) -> list[str]:
    names: list[str] = []
    place: Any = "" if "cursor" in query else 0
    while True:
        page = _list(api, query.format(place))
        names += [item["name"] for item in page["items"]]
        place = page.get("next_cursor") or len(names)
        if not page["items"] or page.get("next_cursor", "") is None:
            return names
