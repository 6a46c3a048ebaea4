"""What a file brings: tasks that are still to be made, and what becomes of the rest of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Draft = Mapping[str, Any]  # the fields of a task, as `create_tasks` takes them


@dataclass(frozen=True)
class Drafts:
    """By name, `kept` counts what stays with the tasks unread, `left_out` what has no place."""

    tasks: list[Draft]
    kept: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
