import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from todo_project.management.accounts import user
from todo_project.portability import exporting


class Command(BaseCommand):
    help = (
        "Write everything that is known of a user into an archive (zip), as GET /api/export does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL", help="who")
        parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="a new file")

    def handle(self, *args: Any, **options: Any) -> None:
        owner, target = user(options["user"]), options["to"]
        self.stderr.write(f"Reading what is known of {owner.email} …")
        with exporting.archive(owner, now=timezone.now()) as source:
            try:
                with target.open("xb") as file:
                    shutil.copyfileobj(source, file)
            except OSError as error:
                raise CommandError(f"{target} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{target} has everything of {owner.email}.")
