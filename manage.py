#!/usr/bin/env python
import os
import sys
from pathlib import Path


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "todo_project.settings")
    # Beside a running `make run` the shell's door finds the same services.
    os.environ.setdefault("ENV_FILE", str(Path(__file__).parent / "var" / "env"))
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"{fault} (`make run` sets everything; docs/settings.md lists it)")


if __name__ == "__main__":
    main()
