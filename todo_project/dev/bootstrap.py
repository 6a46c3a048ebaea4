"""Make .venv from the lock. Run by `bootstrap` before anything is installed: standard library only.

`bootstrap lock` pins requirements*.txt anew instead.
"""

import ast
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
LOCK = Path("requirements-dev.lock")
STAMP = VENV / "synced.lock"

# uv leaves pip's configuration unread.
UV_NAME_OF = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
}
COMMA_SEPARATED = ("UV_FIND_LINKS",)


def main() -> None:
    make_venv()
    uv = find_uv()
    if sys.argv[1:] == ["lock"]:
        lock(uv)
        return
    print("Installing what requirements-dev.lock names …", flush=True)
    if not (uv and succeeds(uv, "pip", "sync", "--quiet", "--python", str(PYTHON), str(LOCK))):
        install_with_pip()
    shutil.copy(LOCK, STAMP)


def make_venv() -> None:
    if PYTHON.exists() and succeeds(str(PYTHON), "-c", "pass"):
        return
    print("Making the Python environment in .venv …", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if find_spec("ensurepip"):
        command = [sys.executable, "-m", "venv", str(VENV)]
    elif uv := shutil.which("uv"):
        command = [uv, "venv", "--quiet", "--python", sys.executable, str(VENV)]
    else:
        sys.exit("Python's venv is missing: apt install python3-venv, or install uv")
    if not succeeds(*command):
        sys.exit(f"The Python environment could not be made: {' '.join(command)} failed")


def find_uv() -> str | None:
    for known in (shutil.which("uv"), VENV / "bin" / "uv"):
        if known and Path(known).exists():
            return str(known)
    if not find_pip():
        sys.exit(".venv has neither pip nor uv: remove it (make distclean) and try again")
    if succeeds(str(PYTHON), "-m", "pip", "install", "--quiet", "uv"):
        return str(VENV / "bin" / "uv")
    return None


def find_pip() -> bool:
    """A .venv that uv made has no pip; Python mostly brings one along."""
    has_pip = subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True).returncode == 0
    return has_pip or succeeds(str(PYTHON), "-m", "ensurepip", quiet=True)


def install_with_pip() -> None:
    if not succeeds(str(PYTHON), "-m", "pip", "install", "--quiet", "-r", str(LOCK)):
        sys.exit("The packages could not be installed: is the package index reachable?")


def lock(uv: str | None) -> None:
    if uv is None:
        sys.exit("uv is missing: pip install uv")
    options = ["--universal", "--generate-hashes", "--no-header", "--python-version", "3.11"]
    for name, constraints in (("requirements-dev", []), ("requirements", ["-c", str(LOCK)])):
        files = [f"{name}.txt", "-o", f"{name}.lock", *constraints]
        command = [uv, "pip", "compile", "--quiet", *options, *files]
        subprocess.run(command, env=environment(), check=True)


def succeeds(*command: str, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, env=environment(), stdout=output).returncode == 0


def environment() -> dict[str, str]:
    """Ours, with pip's settings under the names that uv has for them."""
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}  # as pip does; the hashes guard it
    for key, value in pip_configuration().items():
        if name := UV_NAME_OF.get(key):
            settings[name] = ",".join(value.split()) if name in COMMA_SEPARATED else value
    return settings | dict(os.environ)


def pip_configuration() -> dict[str, str]:
    if not PYTHON.exists():
        return {}
    said = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True
    )
    settings = {}
    for line in said.stdout.splitlines():  # global.index-url='https://…'
        name, _, value = line.partition("=")
        settings[name.rpartition(".")[2]] = str(ast.literal_eval(value))
    return settings


if __name__ == "__main__":
    main()
