"""A client made from the OpenAPI document alone, and put to work."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from accounts.models import User

# The generator knows files by one name alone.
FILES = dict.fromkeys(("text/calendar", "application/zip"), "application/octet-stream")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of the generated package."""
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    answer: Any = APIClient().get("/api/openapi", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    document.write_bytes(answer.content)
    _generate(document, folder / "task_platform")
    sys.path.insert(0, str(folder))
    yield "task_platform"
    sys.path.remove(str(folder))


def _generate(document: Path, target: Path) -> None:
    tools = Path(sys.executable).parent
    config = document.with_name("config.json")
    config.write_text(json.dumps({"content_type_overrides": FILES}))
    options: list[str | Path] = ["--meta", "none"]
    options += ["--path", document, "--output-path", target, "--config", config]
    subprocess.run(
        [tools / "openapi-python-client", "generate", "--fail-on-warning", *options],
        check=True,
        env=os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"},
    )


@pytest.fixture
def client(package: str, server: tuple[str, int], alice: User) -> Iterator[Any]:
    token = str(RefreshToken.for_user(alice).access_token)
    made = importlib.import_module(package).AuthenticatedClient(
        base_url="http://{}:{}".format(*server), token=token, raise_on_unexpected_status=True
    )
    with made as opened:
        yield opened


def test_a_generated_client_lives_a_task_through(package: str, client: Any) -> None:
    models = importlib.import_module(f"{package}.models")

    body = models.TaskRequest(title="Pay", tags=["home"])
    made = _call(package, "tasks_create", client, body=body)
    patch = models.PatchedTaskRequest(priority=models.PriorityEnum.HIGH)
    tag = f'"{made.version}"'
    changed = _call(package, "tasks_partial_update", client, id=made.id, body=patch, if_match=tag)
    stale = _call(package, "tasks_partial_update", client, id=made.id, body=patch, if_match=tag)
    done = _call(package, "tasks_complete_create", client, id=made.id)
    page = _call(package, "tasks_list", client, q="pa", tag=["home"])

    assert (changed.priority, changed.version) == ("high", 2)
    assert (stale.status, stale.version) == (412, 2)
    assert done.status == "completed"
    assert [task.id for task in page.items] == [made.id]


def test_a_generated_client_goes_on_by_cursor(package: str, client: Any) -> None:
    models = importlib.import_module(f"{package}.models")
    for title in ("One", "Two"):
        _call(package, "tasks_create", client, body=models.TaskRequest(title=title))

    first = _call(package, "tasks_list", client, cursor="", limit=1)
    second = _call(package, "tasks_list", client, cursor=first.next_cursor, limit=1)

    assert [task.title for task in (*first.items, *second.items)] == ["One", "Two"]


def test_a_generated_client_understands_refusals(package: str, client: Any) -> None:
    models = importlib.import_module(f"{package}.models")

    problem = _call(package, "tasks_create", client, body=models.TaskRequest(title=""))

    assert problem.status == 400
    assert problem.errors.to_dict().keys() == {"title"}


def _call(package: str, operation: str, client: Any, **arguments: Any) -> Any:
    module: ModuleType = importlib.import_module(f"{package}.api.tasks.{operation}")
    return module.sync(client=client, **arguments)
