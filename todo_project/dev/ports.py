import json
import random
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from todo_project.dev.service import Missing

# Below the range that Linux gives to outgoing connections (32768 and up): a client that keeps
# knocking on a closed port of that range is sometimes given the same port and talks to itself,
# and then the service cannot come back.
CHOICE = range(12_000, 32_000)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: what a closed connection left behind does not make a port busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port(*, preferred: int | None = None, taken: frozenset[int] = frozenset()) -> int:
    if preferred is not None and preferred not in taken and is_free(preferred):
        return preferred
    while (port := random.choice(CHOICE)) in taken or not is_free(port):  # noqa: S311
        pass
    return port


def free_ports(count: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port(taken=frozenset(ports)))
    return list(ports)


def accepts_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def keep_ports(
    names: Sequence[str], file: Path, environment: Mapping[str, str], preferred: Mapping[str, int]
) -> dict[str, int]:
    """For each name the port of the user, or else of the last run, the usual one, a free one."""
    last = json.loads(file.read_text()) if file.exists() else {}
    ports: dict[str, int] = {}
    for name in names:
        variable = f"PORT_{name.upper().replace('-', '_')}"
        if variable in environment:
            ports[name] = _the_users(variable, environment[variable])
        else:
            wish = last.get(name, preferred.get(name))
            ports[name] = free_port(preferred=wish, taken=frozenset(ports.values()))
    file.write_text(json.dumps(ports))
    return ports


def _the_users(variable: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Missing(f"{variable}={value} is not a port: give a number from 1 to 65535")
    if not is_free(int(value)):
        raise Missing(f"{variable}={value} is taken by another program: give another port")
    return int(value)
