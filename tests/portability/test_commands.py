"""The shell's door to a user's data."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bridges.models import Event
from tasks_app.models import Task

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_user_is_exported_into_a_new_file(full: Task, alice: User, tmp_path: Path) -> None:
    target = tmp_path / "alice.zip"
    call_command("export_user", user=alice.email, to=target, stdout=io.StringIO())

    assert zipfile.is_zipfile(target)
    with pytest.raises(CommandError, match="File exists"):
        call_command("export_user", user=alice.email, to=target, stdout=io.StringIO())


def test_a_user_is_erased_when_it_is_meant(
    full: Task, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("erase_user", user=alice.email)
    assert Task.objects.count() == 3

    call_command("erase_user", user=alice.email, yes=True, stdout=io.StringIO())
    assert [event.type for event in Event.objects.all()] == ["account.erased.v1"]


@pytest.mark.parametrize("command", ["export_user", "erase_user"])
def test_an_unknown_user_is_named(command: str, db: None, tmp_path: Path) -> None:
    options = ["--to", str(tmp_path / "x")] if command == "export_user" else ["--yes"]
    with pytest.raises(CommandError, match=r"nobody@example\.com"):
        call_command(command, "--user", "nobody@example.com", *options)
