"""Sending requests at their times, whatever the server does (an open loop)."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.wire import Line

# Seconds from the beginning, the number of the connection, a name, and method, path and body.
Planned = tuple[float, int, str, tuple[str, str, bytes]]

LOOK_EVERY = 5.0  # seconds


@dataclass(frozen=True)
class Sent:
    name: str
    status: int
    took: float  # seconds from its time on, waiting for its connection included


async def send_all(
    plan: Sequence[Planned], lines: Sequence[Line], *, meanwhile: Callable[[], None] | None = None
) -> list[Sent]:
    """Send each request of `plan` at its time; on one connection, one after the other."""
    connections = [_Connection(line) for line in lines]
    begun = time.monotonic()
    looked = begun
    tasks = []
    for at, number, name, request in plan:
        await asyncio.sleep(max(0.0, begun + at - time.monotonic()))
        tasks.append(asyncio.create_task(connections[number].send(name, request, begun + at)))
        if meanwhile and time.monotonic() - looked >= LOOK_EVERY:
            meanwhile()
            looked = time.monotonic()
    sent = await asyncio.gather(*tasks)
    if meanwhile:
        meanwhile()
    for connection in connections:
        connection.close()
    return sent


class _Connection:
    def __init__(self, line: Line) -> None:
        self._line = line
        self._free = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, name: str, request: tuple[str, str, bytes], due: float) -> Sent:
        async with self._free:
            reader, writer = self._streams or await self._open()
            writer.write(self._line.request(*request))
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(self._line.length(head))
        return Sent(name, int(head[9:12]), time.monotonic() - due)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self._streams = await asyncio.open_connection(*self._line.at, limit=2**20)
        return self._streams
