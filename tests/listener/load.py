"""Many webhooks at once: a sender that costs little beside the server that it loads."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True)
class Reply:
    """`status` 0: the connection was lost before the answer came. `seconds` from when it was due to be sent."""

    status: int
    seconds: float


def request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "host: listener", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection(asyncio.Protocol):
    """A kept-alive connection with one request under way at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Raises OSError."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    async def send(self, wire: bytes) -> int:
        """The answer's status, or 0."""
        if self._transport is None:
            return 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(wire)
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is one by its methods only.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if len(body) >= int(length):
            self._received = b""
            self._resolve(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's signature)
        self._transport = None
        self._resolve(0)

    def _resolve(self, status: int) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(status)


class Senders:
    """Connections that are opened as needed and used again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: list[Connection] = []

    async def send(self, wire: bytes) -> int:
        connection = self._idle.pop() if self._idle else None
        if connection is None or not connection.is_open:
            try:
                connection = await Connection.open(self._port)
            except OSError:
                return 0
        status = await connection.send(wire)
        if connection.is_open:
            self._idle.append(connection)
        return status

    def close(self) -> None:
        for connection in self._idle:
            connection.close()


def flood(port: int, wires: Iterable[bytes], connections: int) -> list[Reply]:
    """Sends all of them as fast as the answers come over so many connections; replies in the order of `wires`."""
    todo = list(wires)
    replies = [Reply(0, 0.0)] * len(todo)

    async def work(rest: Iterator[tuple[int, bytes]], senders: Senders) -> None:
        for at, wire in rest:
            started = time.perf_counter()
            status = await senders.send(wire)
            replies[at] = Reply(status, time.perf_counter() - started)

    async def all_of_them() -> None:
        senders = Senders(port)
        rest = iter(enumerate(todo))
        await asyncio.gather(*(work(rest, senders) for _ in range(connections)))
        senders.close()

    _run(all_of_them)
    return replies


def pace(port: int, wires: Iterable[bytes], a_second: float) -> list[Reply]:
    """Sends one after the other at this rate, whether or not the earlier ones are answered."""
    replies: list[Reply] = []

    async def one(wire: bytes, due: float, senders: Senders) -> None:
        status = await senders.send(wire)
        replies.append(Reply(status, asyncio.get_running_loop().time() - due))

    async def all_of_them() -> None:
        senders = Senders(port)
        start = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as tasks:
            for at, wire in enumerate(wires):
                due = start + at / a_second
                await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
                tasks.create_task(one(wire, due, senders))
        senders.close()

    _run(all_of_them)
    return replies


def _run(main: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await main()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())
