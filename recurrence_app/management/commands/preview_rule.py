import zoneinfo
from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recurrence_app.rules import Local, RuleError, Schedule, describe, parse


class Command(BaseCommand):
    help = "Say in words and in dates what a recurrence rule does, without a series."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = (
            "examples:\n"
            '  manage.py preview_rule "FREQ=MONTHLY;BYDAY=-1FR" --start 2026-01-30\n'
            '  manage.py preview_rule "FREQ=DAILY" --start 2026-03-28T02:30'
            " --timezone Europe/Berlin --count 3"
        )
        parser.add_argument("rule", help="an RRULE of RFC 5545, with RFC 7529's SKIP")
        parser.add_argument(
            "--start",
            type=_local,
            default=None,
            metavar="DAY[THH:MM]",
            help="the first day, or day and local time; today by default",
        )
        parser.add_argument(
            "--timezone", type=_zone, default="UTC", help="an IANA zone; UTC by default"
        )
        parser.add_argument("--count", type=int, default=10, help="how many; 10 by default")

    def handle(self, *args: Any, **options: Any) -> None:
        zone = options["timezone"]
        start: Local = options["start"] or datetime.now(zone).date()
        try:
            schedule = Schedule(start=start, zone=zone, rule=parse(options["rule"]))
        except RuleError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(describe(schedule))
        for each in islice(schedule.occurrences(), max(0, options["count"])):
            local = f"{each.local:%a} {each.local.isoformat()}"
            self.stdout.write(f"{local}  {each.at:%Y-%m-%dT%H:%M:%SZ}")
        if reason := schedule.why_empty():
            self.stdout.write(f"No occurrences: {reason}")


def _local(said: str) -> Local:
    try:
        return datetime.fromisoformat(said) if "T" in said else date.fromisoformat(said)
    except ValueError as fault:
        raise ArgumentTypeError(f"{said}: give 2026-03-31 or 2026-03-31T09:00") from fault


def _zone(said: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(said)
    except (ValueError, KeyError, OSError) as fault:
        raise ArgumentTypeError(f"{said} is not an IANA time zone") from fault
