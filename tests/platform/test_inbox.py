import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from todo_project.dev.inbox import mailbox
from todo_project.dev.inbox.mailbox import Mailbox
from todo_project.dev.inbox.smtp import controller
from todo_project.dev.inbox.web import Server
from todo_project.dev.ports import free_ports


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp(box: Mailbox) -> Iterator[smtplib.SMTP]:
    port = free_ports(1)[0]
    server = controller(box, port)
    server.start()
    with smtplib.SMTP("127.0.0.1", port) as client:
        yield client
    server.stop()


@pytest.fixture
def page(box: Mailbox) -> Iterator[str]:
    port = free_ports(1)[0]
    with Server(box, port) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{port}"
        server.shutdown()
        thread.join()


def a_mail(to: str = "alice@example.com", subject: str = "Pay the rent") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "tasks@example.com", to, subject
    mail["Message-ID"] = "<1@example.com>"
    mail.set_content("It is due today.")
    mail.add_alternative("<b>Due</b><script>alert(1)</script>", subtype="html")
    return mail


def get(address: str) -> Any:
    with urlopen(address) as answer:  # noqa: S310
        return json.load(answer)


def test_a_mail_is_found_by_its_recipient(smtp: smtplib.SMTP, page: str) -> None:
    smtp.send_message(a_mail(to="alice@example.com", subject="Müll rausbringen"))
    smtp.send_message(a_mail(to="bob@example.com"))
    [mail] = get(f"{page}/api/messages?to=Alice@example.com")
    assert mail["subject"] == "Müll rausbringen"
    assert mail["from"] == "tasks@example.com"
    assert mail["to"] == ["alice@example.com"]
    assert mail["message_id"] == "<1@example.com>"
    assert mail["text"].strip() == "It is due today."
    assert "<b>Due</b>" in mail["html"]
    assert mail["received_at"].endswith("+00:00")


def test_one_mail_is_had_by_its_number(smtp: smtplib.SMTP, page: str) -> None:
    smtp.send_message(a_mail())
    assert get(f"{page}/api/messages/1")["subject"] == "Pay the rent"
    assert get(f"{page}/api/messages?after=1") == []


@pytest.mark.parametrize("path", ["/api/messages/2", "/api/messages/x", "/messages/0", "/no"])
def test_what_is_not_there_is_a_404(page: str, path: str) -> None:
    with pytest.raises(HTTPError, match="404"):
        urlopen(page + path)  # noqa: S310


def test_only_the_last_mails_are_kept(box: Mailbox) -> None:
    for _ in range(mailbox.CAPACITY + 2):
        box.receive("a@example.com", ["b@example.com"], b"")
    kept = list(box.list())
    assert len(kept) == mailbox.CAPACITY
    assert kept[0].number == 3


def test_a_mails_own_markup_cannot_act_in_the_page(smtp: smtplib.SMTP, page: str) -> None:
    smtp.send_message(a_mail(subject="<script>alert(2)</script>"))
    for path in ("/", "/messages/1"):
        with urlopen(page + path) as answer:  # noqa: S310
            assert b"<script>" not in answer.read()


def test_a_mail_that_is_no_mail_is_shown_all_the_same(box: Mailbox, page: str) -> None:
    box.receive("a@example.com", ["b@example.com"], b"\xff\x00 no header at all")
    assert get(f"{page}/api/messages")[0]["from"] == "a@example.com"
