"""The operator's door to tags: what changes through it is recorded like everything else."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Tag, Task
from tasks_app.services import wearers
from tests.conftest import TaskOf

pytestmark = pytest.mark.django_db

LIST = "/admin/tasks_app/tag/"


@pytest.fixture
def tag(alice: User, task_of: TaskOf) -> Tag:
    task_of(alice, tags=["home"])
    return Tag.objects.get()


def test_a_tag_added_for_a_user_is_theirs_and_the_operator_acted(
    admin: Client, operator: User, alice: User
) -> None:
    form = {"user": str(alice.pk), "name": " home ", "color": "#33AA66"}

    answer = admin.post(f"{LIST}add/", form)

    assert answer.status_code == 302, answer.content
    tag = Tag.objects.get()
    assert (tag.user, tag.name, tag.color) == (alice, "home", "#33aa66")
    event = Event.objects.get()
    assert (event.type, event.user_id, event.actor_id) == ("tag.created.v1", alice.pk, operator.pk)
    assert LogEntry.objects.get().object_id == str(tag.pk)


def test_a_renamed_tag_changes_its_tasks(admin: Client, operator: User, tag: Tag) -> None:
    answer = admin.post(f"{LIST}{tag.pk}/change/", {"name": "house", "color": ""})

    assert answer.status_code == 302, answer.content
    assert (Task.objects.get().tag_names(), Task.objects.get().version) == (["house"], 2)
    assert _types()[2:] == ["tag.updated.v1", "task.updated.v1"]
    assert Event.objects.latest("seq").actor_id == operator.pk


def test_saving_without_a_change_records_nothing(admin: Client, tag: Tag) -> None:
    admin.post(f"{LIST}{tag.pk}/change/", {"name": "home", "color": ""})

    assert _types() == ["tag.created.v1", "task.created.v1"]


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 51}, {"name": "nul\0"}, {"color": "red"}, {"color": "#33aa6"}],
)
def test_a_form_that_cannot_be_is_shown_again(
    admin: Client, tag: Tag, fields: dict[str, str]
) -> None:
    answer = admin.post(f"{LIST}{tag.pk}/change/", {"name": "new", "color": "", **fields})

    assert (answer.status_code, b"errorlist" in answer.content) == (200, True)
    assert Tag.objects.get().name == "home"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("add/", "Tag with this User and Name already exists."),
        ("{}/change/", "a tag “home” already"),
    ],
)
def test_a_name_that_is_taken_is_said(
    admin: Client, alice: User, tag: Tag, page: str, said: str
) -> None:
    other = Tag.objects.create(user=alice, name="bank")
    form = {"user": str(alice.pk), "name": "home", "color": ""}

    answer: Any = admin.post(LIST + page.format(other.pk), form, follow=True)

    assert said in answer.content.decode()
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["bank", "home"]
    assert len(_types()) == 2


@pytest.mark.parametrize("way", ["page", "action"])
def test_a_deleted_tag_is_taken_off_with_events(admin: Client, tag: Tag, way: str) -> None:
    if way == "page":
        admin.post(f"{LIST}{tag.pk}/delete/", {"post": "yes"})
    else:
        chosen = {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"}
        admin.post(LIST, chosen)

    assert not Tag.objects.exists()
    assert _types()[2:] == ["tag.deleted.v1", "task.updated.v1"]


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("{}/change/", {"name": "house", "color": ""}),
        ("{}/delete/", {"post": "yes"}),
        ("", {"action": "delete_selected", "_selected_action": "{}", "post": "yes"}),
    ],
)
def test_a_tag_that_is_put_on_tasks_all_the_time_is_said(
    admin: Client, tag: Tag, page: str, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wearers, "_ROUNDS", 0)
    form = {name: value.format(tag.pk) for name, value in form.items()}

    answer: Any = admin.post(LIST + page.format(tag.pk), form, follow=True)

    assert "is being put on tasks all the time" in answer.content.decode()
    assert Tag.objects.get().name == "home"
    assert len(_types()) == 2


@pytest.mark.parametrize("query", ["q=home", "q=alice@", "o=5.-6"])
def test_tags_are_found_and_counted(admin: Client, tag: Tag, query: str) -> None:
    page = admin.get(f"{LIST}?{query}").content.decode()

    assert "home" in page
    assert '<td class="field-worn_by">1</td>' in page
    assert '<td class="field-open">1</td>' in page


def _types() -> list[str]:
    return list(Event.objects.order_by("seq").values_list("type", flat=True))
