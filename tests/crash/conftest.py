from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.programs import Platform, platform
from todo_project.dev.services import embedded


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs them all: they share one platform, and kill parts of it."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.xdist_group("crash"))


@pytest.fixture(scope="session")
def shared_platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder = tmp_path_factory.mktemp("crash")
    with embedded(folder, durable=False) as services, platform(services, folder) as running:
        yield running


@pytest.fixture
def product(shared_platform: Platform) -> Iterator[Platform]:
    """The whole product; whatever the last test killed runs again."""
    shared_platform.mend()
    yield shared_platform
    shared_platform.mend()
