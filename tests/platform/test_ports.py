import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from todo_project.dev.ports import CHOICE, free_port, keep_ports
from todo_project.dev.service import Missing


@pytest.fixture
def busy() -> Iterator[int]:
    """A port that some other program listens on."""
    with socket.create_server(("127.0.0.1", free_port())) as server:
        yield server.getsockname()[1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ports.json"


def test_a_second_run_has_the_ports_of_the_first(file: Path) -> None:
    first = keep_ports(["web", "kafka"], file, {}, {})
    assert keep_ports(["web", "kafka"], file, {}, {}) == first


def test_the_usual_port_is_taken_when_it_is_free(file: Path) -> None:
    usual = free_port()
    assert keep_ports(["web"], file, {}, {"web": usual}) == {"web": usual}


def test_a_busy_usual_port_gives_way_to_a_free_one(file: Path, busy: int) -> None:
    port = keep_ports(["web"], file, {}, {"web": busy})["web"]
    assert port != busy
    assert port in CHOICE


def test_the_users_port_wins(file: Path) -> None:
    chosen = free_port()
    given = {"PORT_WORKER_TICKS": str(chosen)}
    assert keep_ports(["worker-ticks"], file, given, {}) == {"worker-ticks": chosen}


def test_a_busy_port_of_the_user_is_named(file: Path, busy: int) -> None:
    with pytest.raises(Missing, match=f"PORT_WEB={busy} is taken"):
        keep_ports(["web"], file, {"PORT_WEB": str(busy)}, {})


@pytest.mark.parametrize("value", ["", "http", "0", "65536", "-1"])
def test_what_is_no_port_is_refused(file: Path, value: str) -> None:
    with pytest.raises(Missing, match="is not a port"):
        keep_ports(["web"], file, {"PORT_WEB": value}, {})


def test_no_two_processes_share_a_port(file: Path) -> None:
    usual = free_port()
    ports = keep_ports(["web", "mail"], file, {}, {"web": usual, "mail": usual})
    assert len(set(ports.values())) == 2
