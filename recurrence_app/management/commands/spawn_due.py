from argparse import ArgumentParser, RawDescriptionHelpFormatter
from itertools import islice
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.utils import timezone

from recurrence_app import services
from recurrence_app.models import RecurringTask
from recurrence_app.services.spawning import work_of

LONGEST: Final = 3600.0  # seconds
SHOWN: Final = 100  # series


class Command(BaseCommand):
    help = (
        "Make the tasks of all series that are due, as the tick of each second does. It may run"
        " beside the workers. With --dry-run nothing is written: it says which series are due,"
        " which occurrences would get a task and how many would be left out by catch-up."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = "example:\n  manage.py spawn_due --dry-run"
        parser.add_argument("--dry-run", action="store_true", help="only say what it would do")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._tell()
            return
        made = services.spawn_due(now=timezone.now(), seconds=LONGEST)
        self.stdout.write(f"Tasks made: {made:,}.")

    def _tell(self) -> None:
        now = timezone.now()
        due = RecurringTask.objects.due(now)
        for series in islice(due, SHOWN):
            try:
                step = work_of(series, now).step
            except Exception as fault:
                said = f"would fail: {type(fault).__name__}: {fault}"
            else:
                names = ", ".join(each.name for each in step.make) or "nothing"
                said = f"would make {names}; would leave out {step.left_out}"
            self.stdout.write(f"{series.pk} {series.title}: {said}")
        self.stdout.write(f"{due.count():,} series are due; nothing was written.")
