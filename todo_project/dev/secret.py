import secrets
from pathlib import Path


def kept_secret(file: Path, size: int = 32) -> str:
    """The secret in the file, made when it is asked for the first time."""
    if not file.exists():
        write_private(file, secrets.token_hex(size))
    return file.read_text()


def write_private(file: Path, content: str) -> None:
    """Replace the file at once, readable by its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(content)
    new.rename(file)
