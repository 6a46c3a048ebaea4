"""What comes before the product's processes: static files, migrations, demo data.

One process for the three, beside the services that are still starting: loading Django takes
longer than any of them. `prepare SECONDS`: how long the database may take to answer.
"""

import os
import sys
from time import monotonic, sleep

import django
from django.core.management import call_command
from django.db import OperationalError, connection


def main(patience: float) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    _wait_for_database(patience)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("create_demo", "--email", os.environ["DEMO_EMAIL"])


def _wait_for_database(patience: float) -> None:
    deadline = monotonic() + patience
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as fault:
            if monotonic() > deadline:
                raise SystemExit(
                    f"The database of DATABASE_URL does not answer: {fault}"
                ) from fault
        sleep(0.1)


if __name__ == "__main__":
    main(float(sys.argv[1]))
