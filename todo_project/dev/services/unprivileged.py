"""PostgreSQL refuses to run as root; this is how it runs all the same when root starts it."""

import os
import pwd
import subprocess
from functools import cache
from pathlib import Path

from todo_project.dev.service import Missing

# The process keeps root's files but believes to be user 1000.
IN_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
# Where containers forbid namespaces. The capability lets nobody reach a checkout below /root.
AS_NOBODY = [
    *["setpriv", "--reuid=nobody", f"--regid={pwd.getpwnam('nobody').pw_gid}", "--clear-groups"],
    *["--inh-caps=+dac_override", "--ambient-caps=+dac_override"],
]


@cache
def prefix() -> list[str]:
    if os.geteuid() != 0:
        return []
    for candidate in (IN_NAMESPACE, AS_NOBODY):
        if _works(candidate):
            return candidate
    raise Missing("PostgreSQL does not run as root here: use an ordinary user or give DATABASE_URL")


def own(directory: Path) -> None:
    """Give the folder to whom PostgreSQL will run as."""
    uid = pwd.getpwnam("nobody").pw_uid if prefix() == AS_NOBODY else os.geteuid()
    if directory.stat().st_uid == uid:
        return
    for path in (directory, *directory.rglob("*")):
        os.chown(path, uid, -1, follow_symlinks=False)


def _works(candidate: list[str]) -> bool:
    try:
        return subprocess.run([*candidate, "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
