from collections.abc import Iterator

import pytest

from tests.crash.programs import Platform, platform
from todo_project.dev.services import embedded


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
