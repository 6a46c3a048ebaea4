import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "todo_project" / "dev" / "bootstrap"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "task platform"
    (root / "todo_project" / "dev").mkdir(parents=True)
    (root / "bin").mkdir()
    for tool in ("dirname", "cmp"):
        (root / "bin" / tool).symlink_to(shutil.which(tool) or "")
    shutil.copy(SCRIPT, root / "todo_project" / "dev")
    return root


def bootstrap(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", checkout / "todo_project" / "dev" / "bootstrap"],
        env={"PATH": str(checkout / "bin")},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("old", [True, False])
def test_a_python_too_old_or_missing_is_said_in_one_line(checkout: Path, old: bool) -> None:
    if old:
        (checkout / "bin" / "python3").write_text("#!/bin/sh\nexit 1\n")
        (checkout / "bin" / "python3").chmod(0o755)
    done = bootstrap(checkout)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or later is missing")
    assert done.stderr.count("\n") == 1


def test_what_is_made_already_is_not_made_again(checkout: Path) -> None:
    (checkout / "requirements-dev.lock").write_text("django==5.2\n")
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    shutil.copy(checkout / "requirements-dev.lock", checkout / ".venv" / "synced.lock")
    assert bootstrap(checkout).returncode == 0
    (checkout / "requirements-dev.lock").write_text("django==5.3\n")
    assert bootstrap(checkout).returncode == 1
