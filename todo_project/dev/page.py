"""What a run offers, for people and as `var/run.json` for programs."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from todo_project.dev.platform import Platform
from todo_project.dev.secret import write_private

TEXT = """
The task platform runs.

  API docs   {docs}
  Admin      {admin}
  Flower     {flower}
  Mail       {mail}
  Metrics    {metrics}

  Sign in    {user}
  Password   {password}

  Logs are in var/log (make logs), every address in var/run.json.
  {stop}
"""


def contents(platform: Platform, pids: Mapping[str, int]) -> dict[str, Any]:
    environment = platform.environment
    api = f"http://127.0.0.1:{platform.program('web').port}"
    return {
        "api": api,
        "admin": f"{api}/admin/",
        "docs": f"{api}/api/docs",
        "metrics": f"{api}/metrics",
        "metrics_by_process": {program.name: program.metrics for program in platform.programs},
        "flower": f"http://127.0.0.1:{platform.program('flower').port}",
        "mail": platform.mail,
        "kafka": environment["KAFKA_BOOTSTRAP"],
        "database_url": environment["DATABASE_URL"],
        "redis_url": environment["REDIS_URL"],
        "user": environment["DEMO_EMAIL"],
        "password": environment["DEMO_PASSWORD"],
        "pids": dict(pids),
    }


def write(file: Path, page: Mapping[str, Any]) -> None:
    write_private(file, json.dumps(page, indent=2) + "\n")


def as_text(page: Mapping[str, Any], stop: str) -> str:
    mail = page["mail"] or "your own server (EMAIL_URL)"
    return TEXT.format(**{**page, "mail": mail, "stop": stop})


def read(file: Path) -> dict[str, Any] | None:
    try:
        page: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        return None
    return page
