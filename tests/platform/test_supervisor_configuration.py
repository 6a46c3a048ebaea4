"""The INI file as supervisor itself reads it."""

import shlex
from pathlib import Path

import pytest
from supervisor.options import ServerOptions

from todo_project.dev.platform import Platform, lay_out
from todo_project.dev.supervisor_configuration import commands, render


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In a folder whose name has every character that the INI syntax gives a meaning to."""
    root = tmp_path / "100% task #1 ;\"platform'"
    (root / "var" / "log").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


def commands_read_by_supervisor(
    checkout: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    configuration = checkout / "var" / "supervisor.ini"
    configuration.write_text(render(platform, as_root=False))
    for name, value in commands(platform, checkout).items():
        monkeypatch.setenv(name, value)
    options = ServerOptions()  # type: ignore[no-untyped-call]
    options.realize(["-c", str(configuration)])  # type: ignore[no-untyped-call]
    return {
        process.name: shlex.split(process.command)
        for group in options.process_group_configs
        for process in group.process_configs
    }


def test_each_command_survives_the_ini_file(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = lay_out(checkout / "var", {})
    found = commands_read_by_supervisor(checkout, platform, monkeypatch)
    for process in platform.everything:
        expected = process.command()
        assert found[process.name][-len(expected) :] == expected


def test_a_run_without_own_services_has_only_the_product(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = dict.fromkeys(["DATABASE_URL", "REDIS_URL", "KAFKA_BOOTSTRAP", "EMAIL_URL"], "there")
    platform = lay_out(checkout / "var", given)
    found = commands_read_by_supervisor(checkout, platform, monkeypatch)
    assert set(found) == {"web", "worker", "worker-ticks", "beat", "relay", "flower"}
