"""How every part of the platform reaches Kafka."""

import socket
from typing import Final

from django.conf import settings

PING_TIMEOUT: Final = 0.5  # seconds


class KafkaAway(ConnectionError):
    """None of the bootstrap brokers takes a connection."""


def ping() -> None:
    """Raise KafkaAway unless one of the bootstrap brokers takes a connection.

    Without the client's library: the processes that only ask this should not carry it.
    """
    faults = []
    for broker in settings.KAFKA_BOOTSTRAP:
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=PING_TIMEOUT).close()
        except OSError as fault:
            faults.append(f"{broker}: {fault}")
        else:
            return
    raise KafkaAway("; ".join(faults))
