from collections import deque
from pathlib import Path


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log, indented to stand below a message."""
    if not log.exists():
        return ""
    with log.open(errors="replace") as file:
        return "".join(f"    {line.rstrip()}\n" for line in deque(file, maxlen=lines))
