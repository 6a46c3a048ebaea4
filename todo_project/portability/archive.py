"""The archive of an account: a zip file, written whole and read with care."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from todo_project.portability.refusal import ImportRefused

TASKS: Final = re.compile(r"tasks-\d{1,6}\.json")
MOST_MEMBERS: Final = 10_000
LARGEST_MEMBER: Final = 50 * 1024 * 1024  # bytes, unpacked
MOST_TASK_FILES: Final = 50


def task_files(source: IO[bytes]) -> Iterator[bytes]:
    """The files of tasks in an archive, one after the other; everything else is passed over.

    Names are looked at and never become paths. Sizes are counted while unpacking, since an
    archive may lie about them. Raises ImportRefused.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            yield from _unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise ImportRefused([f"This archive can't be read: {fault}"]) from fault
    except Exception as fault:
        if fault.__class__.__module__ == "zlib":
            raise ImportRefused([f"This archive is damaged: {fault}"]) from fault
        raise


def _unpacked(archive: zipfile.ZipFile) -> Iterator[bytes]:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise ImportRefused([f"The archive has more than {MOST_MEMBERS:,} files."])
    names = sorted(each.filename for each in members if TASKS.fullmatch(each.filename))
    if len(names) != len(set(names)) or len(names) > MOST_TASK_FILES:
        raise ImportRefused([f"The archive has more than {MOST_TASK_FILES} files of tasks."])
    if not names:
        raise ImportRefused(["The archive has no tasks-0001.json."])
    for name in names:
        with archive.open(name) as member:
            content = member.read(LARGEST_MEMBER + 1)
        if len(content) > LARGEST_MEMBER:
            raise ImportRefused([f"{name} has more than {LARGEST_MEMBER:,} bytes unpacked."])
        yield content
