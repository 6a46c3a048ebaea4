import signal
import sys
from dataclasses import dataclass
from urllib.error import URLError
from urllib.request import urlopen

from todo_project.dev.ports import accepts_connections


@dataclass(frozen=True)
class Mail:
    """The inbox that takes every mail of the local platform and shows it."""

    smtp_port: int
    page_port: int

    name = "mail"
    stop_signal = signal.SIGTERM

    @property
    def smtp_url(self) -> str:
        return f"smtp://127.0.0.1:{self.smtp_port}"

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.page_port}"

    def prepare(self) -> None:
        """It keeps nothing on disk."""

    def command(self) -> list[str]:
        module = "todo_project.dev.inbox"
        return [sys.executable, "-m", module, str(self.smtp_port), str(self.page_port)]

    def ready(self) -> bool:
        try:
            urlopen(f"{self.page_url}/health", timeout=1).close()  # noqa: S310
        except (URLError, OSError):
            return False
        return accepts_connections(self.smtp_port)
