import signal
from typing import Protocol


class Missing(RuntimeError):
    """Something the machine lacks; the message is one line that says what to do."""


class Service(Protocol):
    """A server of the local platform: how to prepare, start, and recognise it as ready."""

    @property
    def name(self) -> str: ...

    @property
    def stop_signal(self) -> signal.Signals: ...

    def prepare(self) -> None:
        """Make data and configuration where they are not there yet."""

    def command(self) -> list[str]: ...

    def ready(self) -> bool: ...
