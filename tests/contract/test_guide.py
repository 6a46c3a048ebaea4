"""docs/api.md: whatever it tells the reader to type is typed here, and answers as it says."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.contract.conftest import serving

GUIDE: Final = Path(__file__).parents[2] / "docs" / "api.md"
ANYTHING: Final = "…"
_BLOCK = re.compile(r"^```(sh|json|http|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Step:
    """Commands, and what the page shows below them."""

    line: int
    commands: str
    kind: str = ""
    shown: str = ""


def steps() -> list[Step]:
    text = GUIDE.read_text()
    found: list[Step] = []
    for block in _BLOCK.finditer(text):
        kind, content = block.groups()
        if kind == "sh":
            found.append(Step(text.count("\n", 0, block.start()) + 2, content))
        else:
            last = found.pop()
            assert not last.kind, f"line {last.line}: more than one answer"
            found.append(Step(last.line, last.commands, kind, content))
    return found


@pytest.fixture
def shell(django_db_setup: None, tmp_path: Path) -> Iterator[Any]:
    """One bash for the whole page, as its reader has one terminal, beside a server as it comes."""
    limits = {"RATE_LIMIT_USER": "1200/min", "RATE_LIMIT_ADDRESS": "6000/min"}
    with serving(**limits) as (_, address):
        yield from _bash("http://{}:{}/api".format(*address), tmp_path)


def _bash(api: str, folder: Path) -> Iterator[Any]:
    bash = subprocess.Popen(
        ["bash", "-u"],
        cwd=folder,
        env=os.environ | {"API": api},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert bash.stdin
    assert bash.stdout

    def run(step: Step) -> str:
        assert bash.stdin
        assert bash.stdout
        bash.stdin.write(f"{step.commands}\nprintf '\\nended %s\\n' $?\n")
        bash.stdin.flush()
        said = ""
        for line in bash.stdout:
            if ended := re.fullmatch(r"ended (\d+)\n", line):
                assert ended[1] == "0", f"line {step.line}: {step.commands}\n{said}"
                return said.strip()
            said += line
        raise AssertionError(f"line {step.line} ended the shell: {said}")

    yield run
    bash.stdin.close()
    bash.wait(10)
    bash.stdout.close()


def test_every_command_answers_as_shown(shell: Any) -> None:
    taken = steps()
    assert len(taken) > 10
    for step in taken:
        said = shell(step)
        assert _agrees(step, said), (
            f"docs/api.md, line {step.line}:\n{step.commands}\nshows\n{step.shown}\nbut is\n{said}"
        )


def _agrees(step: Step, said: str) -> bool:
    match step.kind:
        case "json":
            return _matches(json.loads(step.shown), json.loads(said))
        case "http" | "text":
            return all(_is_in(line, said) for line in step.shown.splitlines())
    return True


def _matches(shown: Any, real: Any) -> bool:
    """Whether `real` is what is shown; "…" stands for anything, as a member for more members."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, str) and ANYTHING in shown and isinstance(real, str):
        return _is_in(shown, real)
    if isinstance(shown, dict) and isinstance(real, dict):
        named = shown.keys() - {ANYTHING}
        complete = ANYTHING in shown or named == real.keys()
        return complete and all(
            name in real and _matches(shown[name], real[name]) for name in named
        )
    if isinstance(shown, list) and isinstance(real, list):
        if shown[-1:] == [ANYTHING]:
            shown, real = shown[:-1], real[: len(shown) - 1]
        return len(shown) == len(real) and all(map(_matches, shown, real))
    return bool(shown == real)


def _is_in(line: str, said: str) -> bool:
    return (
        re.search(".*".join(map(re.escape, line.split(ANYTHING))), said, re.IGNORECASE) is not None
    )
