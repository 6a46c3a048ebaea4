"""The product under test: the one that runs, or one started for the benchmark."""

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "var" / "run.json"


@dataclass(frozen=True)
class Product:
    page: dict[str, Any]

    @property
    def api(self) -> str:
        return str(self.page["api"])

    @property
    def kafka(self) -> str:
        return str(self.page["kafka"])


@contextlib.contextmanager
def running() -> Iterator[Product]:
    """The running product, in whose environment this process takes part; ended if started here."""
    started = not PAGE.exists()
    if started:
        print("starting the product …", flush=True)
        subprocess.run(["make", "--silent", "run", "DETACH=1"], cwd=ROOT, check=True)
    try:
        environ.Env.read_env(ROOT / "var" / "env", overwrite=True)
        os.environ["DJANGO_SETTINGS_MODULE"] = "todo_project.settings"
        os.environ["LOG_LEVEL"] = "WARNING"
        yield Product(json.loads(PAGE.read_text()))
    finally:
        if started:
            subprocess.run(["make", "--silent", "stop"], cwd=ROOT, check=True)
