from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cached_property
from threading import Lock

CAPACITY = 10_000


@dataclass(frozen=True)
class Mail:
    number: int
    sender: str
    recipients: list[str]
    content: bytes
    received_at: datetime

    @cached_property
    def _message(self) -> EmailMessage:
        return message_from_bytes(self.content, EmailMessage, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self._message["Subject"] or "")

    def as_json(self) -> dict[str, object]:
        return {
            "id": self.number,
            "from": parseaddr(str(self._message["From"] or ""))[1] or self.sender,
            "to": self.recipients,
            "subject": self.subject,
            "message_id": str(self._message["Message-ID"] or ""),
            "received_at": self.received_at.isoformat(timespec="milliseconds"),
            "text": self.body("plain"),
            "html": self.body("html"),
        }

    def body(self, subtype: str) -> str:
        part = self._message.get_body((subtype,))
        return str(part.get_content()) if part else ""


class Mailbox:
    """The last mails received, in memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._mails: deque[Mail] = deque(maxlen=CAPACITY)
        self._count = 0

    def receive(self, sender: str, recipients: list[str], content: bytes) -> None:
        with self._lock:
            self._count += 1
            now = datetime.now(UTC)
            self._mails.append(Mail(self._count, sender, recipients, content, now))

    def list(self, to: str | None = None, after: int = 0) -> Iterator[Mail]:
        """Oldest first; addresses are compared without regard to case."""
        with self._lock:
            mails = tuple(self._mails)
        wanted = to.lower() if to else None
        for mail in mails:
            known = {recipient.lower() for recipient in mail.recipients}
            if mail.number > after and (wanted is None or wanted in known):
                yield mail

    def get(self, number: int) -> Mail | None:
        return next((mail for mail in self.list(after=number - 1) if mail.number == number), None)
