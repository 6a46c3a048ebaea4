import uuid
from email.message import EmailMessage

import pytest
from django.conf import LazySettings

from notifications_app.channels import CHANNELS, ChannelError, Message, smtp
from tests.notifications.mailbox import Mailbox


def message(**other: str) -> Message:
    words = {"destination": "alice@example.com", "subject": "Reminder", "body": "Pay the rent"}
    return Message(key=uuid.UUID(int=7), **{**words, **other})


def send(**other: str) -> None:
    CHANNELS["email"].send(message(**other))


def refused(**other: str) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        send(**other)
    return caught.value


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text.strip().replace("\r\n", "\n")


def test_a_mail_has_text_page_and_a_stable_id(mailbox: Mailbox, settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Tasks <tasks@example.org>"

    send(body="Pay <b>the rent</b>\nDue today")

    (mail,) = mailbox.received
    assert mail["Message-ID"] == "<00000000-0000-0000-0000-000000000007@example.org>"
    assert mail["From"] == "Tasks <tasks@example.org>"
    assert part(mail, "plain") == "Pay <b>the rent</b>\nDue today"
    assert "<p>Pay &lt;b&gt;the rent&lt;/b&gt;<br>Due today</p>" in part(mail, "html")


@pytest.mark.parametrize(
    "subject",
    ["Rent\r\nBcc: bob@example.com", "Rent\nBcc: bob@example.com", "Rent\x0b\x1b\x7f Bcc: bob"],
)
def test_a_subject_never_begins_another_header(mailbox: Mailbox, subject: str) -> None:
    send(subject=subject)

    (mail,) = mailbox.received
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Rent Bcc: bob")
    assert mailbox.recipients == ["alice@example.com"]


def test_any_language_and_length_arrives(mailbox: Mailbox) -> None:
    subject = "Miete zahlen: 家賃 " + "ж" * 480

    send(subject=subject, body=subject)

    (mail,) = mailbox.received
    assert mail["Subject"].strip() == subject
    assert part(mail, "plain") == subject


@pytest.mark.parametrize(
    ("answers", "permanent"),
    [
        ({"rcpt": "550 no such mailbox"}, True),
        ({"rcpt": "450 greylisted"}, False),
        ({"data": "554 looks like spam"}, True),
        ({"data": "451 try later"}, False),
    ],
)
def test_the_servers_answer_says_whether_to_try_again(
    mailbox: Mailbox, answers: dict[str, str], permanent: bool
) -> None:
    vars(mailbox).update(answers)

    error = refused()

    assert error.permanent is permanent
    assert str(error) in answers.values()


@pytest.mark.parametrize("destination", ["nobody", "a@b@c", "two words@example.com", "\r\n@x.de"])
def test_an_address_that_is_none_is_refused_for_good(mailbox: Mailbox, destination: str) -> None:
    mailbox.rcpt = "553 not an address"

    assert refused(destination=destination).permanent


def test_nobody_listening_is_a_fault_that_passes(settings: LazySettings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    assert not refused().permanent


def test_a_server_that_never_comes_to_an_end_is_cut_off(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.mood = "trickle"
    monkeypatch.setattr(smtp, "SEND_LIMIT", 0.4)

    assert not refused().permanent


def test_a_mail_that_was_taken_is_not_repeated_for_a_bad_goodbye(mailbox: Mailbox) -> None:
    mailbox.mood = "rude"

    send()

    assert len(mailbox.received) == 1
