"""Processes that outlive their run are found and ended; no other is touched."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from todo_project.dev import launch_lock, remains
from todo_project.dev.launch_lock import AlreadyRunning
from todo_project.dev.supervisor_configuration import MARK


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "processes.json"


def test_a_recorded_process_is_ended(
    file: Path, tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    remains.record(file, {"worker": sleeper.pid})
    remains.end(file, tmp_path)
    assert sleeper.poll() is not None
    assert not file.exists()


def test_another_process_with_the_same_id_is_left_alone(
    file: Path, tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    file.write_text(json.dumps({"worker": [sleeper.pid, 1.0]}))
    remains.end(file, tmp_path)
    assert sleeper.poll() is None


def test_a_grandchild_whose_parent_is_gone_is_ended(file: Path, tmp_path: Path) -> None:
    orphaning = subprocess.run(
        ["sh", "-c", "sleep 60 >/dev/null & echo $!"],
        env={**os.environ, MARK: str(tmp_path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    remains.end(file, tmp_path)
    assert not psutil.pid_exists(int(orphaning.stdout))


def test_the_processes_of_another_checkout_go_on(file: Path, tmp_path: Path) -> None:
    other = {**os.environ, MARK: str(tmp_path / "other")}
    with subprocess.Popen(["sleep", "60"], env=other) as process:
        remains.end(file, tmp_path)
        assert process.poll() is None
        process.kill()


def test_one_checkout_runs_once(tmp_path: Path) -> None:
    with launch_lock.hold(tmp_path / "lock"), pytest.raises(AlreadyRunning):
        launch_lock.hold(tmp_path / "lock")
    launch_lock.hold(tmp_path / "lock").close()
