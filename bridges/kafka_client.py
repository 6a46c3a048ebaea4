"""How every part of the platform reaches Kafka."""

import socket
from typing import Final

from django.conf import settings
from kafka.errors import KafkaConnectionError

PING_TIMEOUT: Final = 0.5  # seconds


def ping() -> None:
    """Raise KafkaConnectionError unless one of the bootstrap brokers takes a connection."""
    faults = []
    for broker in settings.KAFKA_BOOTSTRAP:
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=PING_TIMEOUT).close()
        except OSError as fault:
            faults.append(f"{broker}: {fault}")
        else:
            return
    raise KafkaConnectionError("; ".join(faults))
