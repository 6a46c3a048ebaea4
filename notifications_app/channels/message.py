"""What every channel takes, and how it refuses."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Message:
    """`key` stays the same over all attempts, so that a provider can tell a repetition."""

    key: UUID
    destination: str
    subject: str
    body: str


class ChannelError(Exception):
    """A message was not taken. `permanent`: another attempt would end the same way."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class Channel(Protocol):
    def send(self, message: Message) -> None:
        """Hand `message` over within SEND_LIMIT seconds, or raise ChannelError."""
        ...
