import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bridges import metrics, relay, topics


class Command(BaseCommand):
    help = (
        "Publish the event log to Kafka until it is told to stop (SIGTERM, Ctrl-C). Any number may"
        " run: one leads, the others take over within seconds."
    )

    requires_system_checks = []  # they import all of the web's code; `migrate` has made them

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        metrics.serve()
        try:
            relay.run(stop)
        except topics.Unusable as error:
            raise CommandError(str(error)) from error
