from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from todo_project.dev.inbox.mailbox import Mailbox


class Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.mailbox.receive(envelope.mail_from or "", list(envelope.rcpt_tos), content)
        return "250 OK"


def controller(mailbox: Mailbox, port: int) -> Controller:
    return Controller(Handler(mailbox), hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
