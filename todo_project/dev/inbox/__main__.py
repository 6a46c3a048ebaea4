"""A mail server that keeps what it gets and shows it: `inbox SMTP_PORT PAGE_PORT`."""

import signal
import sys

from todo_project.dev.inbox.mailbox import Mailbox
from todo_project.dev.inbox.smtp import controller
from todo_project.dev.inbox.web import Server


def main(smtp_port: int, page_port: int) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    mailbox = Mailbox()
    smtp = controller(mailbox, smtp_port)
    smtp.start()
    try:
        with Server(mailbox, page_port) as server:
            server.serve_forever(poll_interval=2)
    finally:
        smtp.stop()


main(int(sys.argv[1]), int(sys.argv[2]))
