import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from todo_project.status import CHECKS, findings


class Command(BaseCommand):
    help = (
        "Say how every part is: database, Redis, Kafka, workers, beat, relay, and what waits or"
        " failed. The exit code is 0 only if all is well."
    )
    requires_system_checks = []  # the state of the parts is what this asks for

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        found = []
        for finding in findings():
            found.append(finding)
            if not options["json"]:
                self.stdout.write(_line(finding.name, finding.detail, ok=finding.ok))
        ok = all(finding.ok for finding in found)
        if options["json"]:
            seconds = round(time.monotonic() - begun, 3)
            checks = [asdict(finding) for finding in found]
            report = {"ok": ok, "seconds": seconds, "checks": checks}
            self.stdout.write(json.dumps(report, indent=2))
        if not ok:
            raise SystemExit(1)


def _line(name: str, detail: str, *, ok: bool) -> str:
    return f"{name:<{max(map(len, CHECKS))}}  {'ok   ' if ok else 'WRONG'}  {detail}"
