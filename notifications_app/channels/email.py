"""E-mail through SMTP, by Django's EMAIL_* settings."""

import contextlib
import smtplib
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html

from notifications_app.channels.message import ChannelError, Message
from notifications_app.channels.smtp import TimedBackend

_PAGE: Final = "<!doctype html><html><body>{}</body></html>"

# The server refuses us there, not the message: an operator will put it right.
_NOT_THE_MESSAGE: Final = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
)


def send(message: Message) -> None:
    """Hand `message` to the mail server. Raises ChannelError when it is not taken."""
    connection = TimedBackend()
    try:
        connection.open()
        connection.send_messages([_mail(message)])
    except OSError as error:  # smtplib's errors are OSErrors
        raise _refusal(error) from error
    except ValueError as error:
        raise ChannelError(f"This address can't be written to: {error}", permanent=True) from error
    finally:
        # The mail is taken or refused by now; a fault in saying goodbye must not repeat it.
        with contextlib.suppress(OSError):
            connection.close()


def _mail(message: Message) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMultiAlternatives(
        subject=_one_line(message.subject),
        body=message.body,
        to=[message.destination],
        headers={"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )
    paragraphs = linebreaks_filter(message.body)  # escaped
    mail.attach_alternative(format_html(_PAGE, paragraphs), "text/html")
    return mail


def _one_line(text: str) -> str:
    """No line breaks or control characters, which would begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _refusal(error: OSError) -> ChannelError:
    said: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return ChannelError(f"{type(error).__name__}: {error}", permanent=False)
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    permanent = code >= 500 and not isinstance(error, _NOT_THE_MESSAGE)
    return ChannelError(f"{code} {text}", permanent=permanent)
