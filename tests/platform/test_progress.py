import pytest

from todo_project.dev import progress
from todo_project.dev.progress import step


def test_what_is_quick_stays_silent() -> None:
    said: list[str] = []
    with step("Starting redis", said.append):
        pass
    assert said == []


def test_what_takes_long_is_told_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    said: list[str] = []
    with step("Starting kafka", said.append):
        pass
    assert said[-1] == "Starting kafka: 0.0 s"
