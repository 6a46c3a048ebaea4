import os
from argparse import ArgumentParser
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from todo_project.demo_data import create_demo

MOST_TASKS: Final = 10_000


class Command(BaseCommand):
    help = (
        "Make the demo user, a superuser with the password in the environment's DEMO_PASSWORD, and"
        " its demo tasks. Run again, it only sees to the password: a user with tasks gets no more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="demo@example.com", help="default: %(default)s")
        parser.add_argument(
            "--tasks", type=int, default=25, metavar="NUMBER", help="default: %(default)s"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        email, tasks = options["email"], options["tasks"]
        _check(email, tasks)
        made = create_demo(email=email, password=_password(), tasks=tasks, now=timezone.now())
        self.stdout.write(f"{email} can sign in; {made} tasks were made.")


def _check(email: str, tasks: int) -> None:
    if not 0 <= tasks <= MOST_TASKS:
        raise CommandError(f"--tasks is between 0 and {MOST_TASKS:,}.")
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"--email {email} is not an e-mail address.") from None


def _password() -> str:
    password = os.environ.get("DEMO_PASSWORD", "")
    if not password:
        raise CommandError("Set DEMO_PASSWORD to the password that the demo user shall have.")
    return password
