"""A real SMTP server that also refuses, hangs and breaks off."""

import asyncio
import contextlib
import email
import email.policy
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """`rcpt` and `data` are its answers; its mood is what it does at DATA, or at QUIT (rude)."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.mood = "well"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.received]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mood == "hang":
            await asyncio.Event().wait()
        if self.mood == "drop":
            cast(Any, server.transport).abort()
            return self.data
        if self.mood == "trickle":
            for _ in range(60):
                await server.push("250-wait")
                await asyncio.sleep(0.05)
        if self.data.startswith("250"):
            self._keep(envelope)
        return self.data

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.mood == "rude":
            await asyncio.Event().wait()
        return "221 Bye"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(email.message_from_bytes(content, policy=email.policy.default))
        self.recipients.extend(envelope.rcpt_tos)


@contextlib.contextmanager
def listening(mailbox: Mailbox) -> Iterator[tuple[str, int]]:
    """Serve `mailbox` on a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
    controller = Controller(mailbox, hostname=host, port=port)
    controller.start()
    try:
        yield host, port
    finally:
        controller.stop()
