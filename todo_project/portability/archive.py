"""The archive of an account: a zip file, which is read with care."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from todo_project.portability.own_file import LARGEST
from todo_project.portability.refusal import ImportRefused, reading

TASKS: Final = re.compile(r"tasks-\d{1,6}\.json", re.ASCII)
MOST_MEMBERS: Final = 10_000
MOST_TASK_FILES: Final = 50
MOST_UNPACKED: Final = 200 * 1024 * 1024  # bytes, of all files of tasks together

_ENTRY: Final = b"PK\1\2"  # begins each entry of a zip file's directory
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def task_files(source: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of tasks in an archive, by name, one at a time; everything else is passed over.

    Names are looked at and never become paths. Sizes are counted while unpacking, since an
    archive may lie about them. Raises ImportRefused.
    """
    if source.count(_ENTRY) > MOST_MEMBERS:  # before the directory is read, and takes memory
        raise ImportRefused([f"The archive has more than {MOST_MEMBERS:,} files."])
    with reading("This archive"):
        archive = zipfile.ZipFile(BytesIO(source))
    left = MOST_UNPACKED
    for member in _members(archive):
        content = _unpacked(archive, member)
        left -= len(content)
        if left < 0:
            raise ImportRefused([f"The archive has more than {MOST_UNPACKED:,} bytes unpacked."])
        yield member.filename, content


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [member for member in archive.infolist() if TASKS.fullmatch(member.filename)]
    if len(found) > MOST_TASK_FILES:
        raise ImportRefused([f"The archive has more than {MOST_TASK_FILES} files of tasks."])
    if not found:
        raise ImportRefused(["The archive has no tasks-0001.json."])
    if len({member.filename for member in found}) < len(found):
        raise ImportRefused(["The archive has two files of one name."])
    for member in found:
        if member.compress_type not in _METHODS:
            raise ImportRefused([f"{member.filename} is packed by another method than deflate."])
    return sorted(found, key=lambda member: member.filename)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with reading("This archive"), archive.open(member) as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ImportRefused([f"{member.filename} has more than {LARGEST:,} bytes unpacked."])
    return content
