"""Django's SMTP connection with an end to the whole conversation.

smtplib limits each wait for the socket alone: a server that answers a byte every few seconds
would hold its sender beyond the lease, and the message would go out twice.
"""

import contextlib
import smtplib
import socket
import threading
from typing import Any, Final

from django.core.mail.backends.smtp import EmailBackend

SEND_LIMIT: Final = 7.0  # seconds; a lease lasts 10


class TimedBackend(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TimedSSL if self.use_ssl else _Timed


class _Timed(smtplib.SMTP):
    def connect(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self._timer = threading.Timer(SEND_LIMIT, self._cut)
        self._timer.daemon = True
        self._timer.start()
        try:
            return super().connect(*args, **options)
        except OSError:
            self._timer.cancel()
            raise

    def close(self) -> None:
        self._timer.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock:
            with contextlib.suppress(OSError):  # it ended by itself at the same moment
                self.sock.shutdown(socket.SHUT_RDWR)


class _TimedSSL(_Timed, smtplib.SMTP_SSL):
    pass
