"""A server that takes webhooks."""

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Receiver:
    """Answers with the statuses given, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    taken: "queue.Queue[tuple[dict[str, str], bytes]]" = field(default_factory=queue.Queue)
    paths: list[str] = field(default_factory=list)

    def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        headers, body = self.taken.get(timeout=10)
        return headers, json.loads(body)

    def types(self, count: int) -> list[str]:
        return [self.next()[1]["type"] for _ in range(count)]


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    """Listens on a free port unless one is given."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.paths.append(self.path)
            receiver.taken.put(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        receiver.url = f"http://127.0.0.1:{server.server_port}"
        yield receiver
        server.shutdown()
