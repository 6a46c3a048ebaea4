"""What comes before the product's processes: static files, migrations, demo data.

One process for the three, beside the services that are still starting: loading Django takes
longer than any of them. `prepare SERVICE…` names those; the others were given, and are there.
"""

import os
import sys
from collections.abc import Callable
from time import monotonic, sleep

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection
from redis import RedisError

from bridges import kafka_client
from bridges.redis_client import client

STARTING, THERE = 60.0, 5.0  # seconds that a service may take to answer


def main(own: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")
    try:
        django.setup()
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from fault
    call_command("collectstatic", interactive=False, verbosity=0)
    for service, variable, probe, faults in (
        ("postgres", "DATABASE_URL", connection.ensure_connection, (OperationalError,)),
        ("redis", "REDIS_URL", lambda: client().ping(), (RedisError, ValueError)),
        ("kafka", "KAFKA_BOOTSTRAP", kafka_client.ping, (OSError, ValueError)),
    ):
        _wait_for(variable, probe, faults, STARTING if service in own else THERE)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("create_demo", "--email", os.environ["DEMO_EMAIL"])


def _wait_for(
    variable: str,
    probe: Callable[[], object],
    faults: tuple[type[Exception], ...],
    patience: float,
) -> None:
    deadline = monotonic() + patience
    while True:
        try:
            probe()
            return
        except faults as fault:
            if monotonic() > deadline:
                raise SystemExit(f"{variable}, as it is set, cannot be used: {fault}") from fault
        sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
