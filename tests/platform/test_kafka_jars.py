"""Jars come from the user's Maven folder here, so that no network is needed."""

import hashlib
from pathlib import Path

import pytest

from todo_project.dev.service import Missing
from todo_project.dev.services import kafka_jars

CONTENT = b"a jar"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    jar = tmp_path / ".m2/repository/org/example/thing/1.0/thing-1.0.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(CONTENT)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    return tmp_path


def lock(home: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "kafka.lock"
    file.write_text(f"org.example:thing:1.0 {hashlib.sha256(content).hexdigest()}\n")
    monkeypatch.setattr(kafka_jars, "LOCK", file)


def test_the_jar_of_the_lock_is_kept_for_the_next_checkout(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(home, CONTENT, monkeypatch)
    libs = kafka_jars.fetch()
    assert [jar.read_bytes() for jar in libs.iterdir()] == [CONTENT]
    assert kafka_jars.fetch() == libs


def test_a_jar_that_was_tampered_with_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(home, b"another jar", monkeypatch)
    with pytest.raises(Missing, match=r"thing-1\.0\.jar is not the jar"):
        kafka_jars.fetch()
    assert list(kafka_jars.cache().iterdir()) == []
