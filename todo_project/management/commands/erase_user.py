from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from todo_project.erasing import erase_account
from todo_project.management.accounts import user


class Command(BaseCommand):
    help = "Erase a user's account, everything in it and all events of it, as DELETE /api/me does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="who")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = user(options["user"])
        question = f"Erase {owner.email} and everything of theirs, for good? Type yes: "
        if not options["yes"] and input(question) != "yes":
            raise CommandError("Nothing was erased.")
        erase_account(user=owner, now=timezone.now())
        self.stdout.write(f"{owner.email} is erased.")
