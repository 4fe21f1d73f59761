"""Webhooks that are on disk before they are answered, against the same server answering 200 without a database.

python -m benchmarks.webhooks PORT   serves the floor
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.environment import folder, warehouse
from benchmarks.figure import Figure
from listener.server import serve
from tests.listener.load import Reply, flood, pace, request
from tests.listener.process import ORDER, running_listener, square_event, square_headers, standard_headers
from tests.sandbox_process import free_ports

ROUNDS = 3
FLOOD = 10_000
CONNECTIONS = 512
A_SECOND, PACE_SECONDS = 200, 60
Wires = Callable[[int], list[bytes]]


def square(count: int) -> list[bytes]:
    bodies = [square_event() for _ in range(count)]
    return [request("/webhooks/square", body, square_headers(body)) for body in bodies]


def orders(count: int) -> list[bytes]:
    body = json.dumps(ORDER).encode()
    return [request("/webhooks/orders/demo-eats", body, standard_headers(body)) for _ in range(count)]


def run() -> Iterator[Figure]:
    with folder() as home, warehouse(home) as server, running_floor() as floor_port:
        url = server.url("storekeeper", "storekeeper_listener")
        with running_listener(url, home) as listener:
            for name, wires in (("Square's events", square), ("orders of a platform", orders)):
                check(flood(listener.port, wires(FLOOD // 10), CONNECTIONS))
                check(flood(floor_port, wires(FLOOD // 10), CONNECTIONS))
                # Turn by turn, so that a slow spell of the machine meets both.
                rounds = [(seconds(listener.port, wires), seconds(floor_port, wires)) for _ in range(ROUNDS)]
                taken, floor = (statistics.median(times) for times in zip(*rounds, strict=True))
                yield Figure(
                    f"{FLOOD:,} {name} over {CONNECTIONS} connections, each committed before its 200",
                    taken,
                    reach=2.0,
                    floor=f"the same server reading the body and answering 200 (medians of {ROUNDS})",
                    floor_seconds=floor,
                    notes=f"{FLOOD / taken:,.0f}/s, floor {FLOOD / floor:,.0f}/s",
                )
            replies = pace(listener.port, square(A_SECOND * PACE_SECONDS), A_SECOND)
            check(replies)
            times = statistics.quantiles((reply.seconds for reply in replies), n=1000)
            yield Figure(
                f"{A_SECOND} webhooks/s for {PACE_SECONDS} s: p99",
                times[989],
                reach=0.1,
                notes=f"p50 {times[499] * 1000:.1f} ms, p99.9 {times[998] * 1000:.1f} ms, 0 errors",
            )
        with psycopg.connect(server.url("storekeeper", "storekeeper_app")) as connection:
            found = connection.execute("SELECT count(*) FROM inbox.webhook_event").fetchone()
        sent = 2 * (FLOOD // 10 + ROUNDS * FLOOD) + A_SECOND * PACE_SECONDS
        assert found == (sent,), f"{sent} events were acknowledged, {found} are there"


def seconds(port: int, wires: Wires) -> float:
    signed = wires(FLOOD)
    started = time.perf_counter()
    replies = flood(port, signed, CONNECTIONS)
    taken = time.perf_counter() - started
    check(replies)
    return taken


def check(replies: list[Reply]) -> None:
    wrong = [reply.status for reply in replies if reply.status != 200]
    assert not wrong, f"{len(wrong)} of {len(replies)} were not answered 200, the first {wrong[0]}"


@contextmanager
def running_floor() -> Iterator[int]:
    """The port of the floor's server."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "benchmarks.webhooks", str(port)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], env=os.environ)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.post(f"http://127.0.0.1:{port}/webhooks/square")
        yield port
    finally:
        process.terminate()
        process.wait(30)


async def answer(request: Request) -> Response:
    await request.body()
    return Response()


if __name__ == "__main__":
    paths = ["/webhooks/square", "/webhooks/orders/{provider}"]
    serve(Starlette(routes=[Route(path, answer, methods=["POST"]) for path in paths]), "127.0.0.1", int(sys.argv[1]))
