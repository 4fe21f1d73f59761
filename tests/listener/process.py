"""The listener as the tests start it: a real process on a free port, and a sender that signs."""

import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from tests.sandbox_process import free_ports

SQUARE_KEY = "square-signature-key"
SQUARE_URL = "https://shop.example/webhooks/square"
DEMO_EATS_KEY = b"0123456789abcdef0123456789abcdef"
DEMO_EATS_SECRET = "whsec_" + base64.b64encode(DEMO_EATS_KEY).decode()
PROVIDERS = Path(__file__).parents[2] / "listener" / "order_providers.yaml"
START_SECONDS = 15
ORDER = {
    "type": "order.created",
    "timestamp": "2026-11-21T16:00:00Z",
    "data": {
        "id": "DE-1",
        "placed_at": "2026-11-21T16:00:00Z",
        "ready_by": "2026-11-22T11:30:00-05:00",
        "store": "Manhattan",
        "total": {"amount": "600.00", "currency": "USD"},
        "customer": {"name": "Ada Canary", "phone": "+12125559876", "email": "ada.canary@example.com"},
        "channel": "web",
        "lines": [{"title": "Sandwich platter", "qty": 12, "price": "12.50"}],
    },
}


def settings(database_url: str, port: int) -> dict[str, str]:
    """Every variable of a listener without a telephone system."""
    return {
        "STOREKEEPER_LISTENER_DB_URL": database_url,
        "LISTENER_PORT": str(port),
        "CALL_FEED": "none",
        "SQUARE_WEBHOOK_SIGNATURE_KEY": SQUARE_KEY,
        "SQUARE_WEBHOOK_URL": SQUARE_URL,
        "ORDER_PROVIDERS": str(PROVIDERS),
        "DEMO_EATS_SECRET": DEMO_EATS_SECRET,
    }


def start(environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Starts `python -m listener` with this environment and nothing else of ours."""
    with log.open("ab") as file:
        command = [sys.executable, "-m", "listener"]
        inherited = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen(command, env=inherited | environment, stdout=file, stderr=file)


@dataclass
class Listener:
    """A running listener; `environment` can be changed between `stop` and `start`."""

    port: int
    environment: dict[str, str]
    log: Path
    client: httpx.Client
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = start(self.environment, self.log)
        self.wait_until_up()

    def wait_until_up(self) -> None:
        """Returns when it answers, healthy or not."""
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.client.get(f"{self.url}/health")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"The listener did not start: {self.log.read_text()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ends the process; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)

    def health(self) -> httpx.Response:
        return self.client.get(f"{self.url}/health")

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return self.client.post(self.url + path, content=body, headers=headers)

    def send_square(self, body: bytes) -> httpx.Response:
        return self.post("/webhooks/square", body, square_headers(body))

    def send_order(self, order: Any = ORDER, event_id: str | None = None) -> httpx.Response:
        body = json.dumps(order).encode()
        return self.post("/webhooks/orders/demo-eats", body, standard_headers(body, event_id))


@contextmanager
def running_listener(database_url: str, folder: Path, **changes: str) -> Iterator[Listener]:
    """A listener that answers; ended for certain."""
    (port,) = free_ports(1)
    environment = settings(database_url, port) | changes
    log = folder / "listener.log"
    with httpx.Client(timeout=30) as client:
        listener = Listener(port, environment, log, client, start(environment, log))
        try:
            listener.wait_until_up()
            yield listener
        finally:
            listener.process.kill()
            listener.process.wait()


def square_headers(body: bytes, key: str = SQUARE_KEY, url: str = SQUARE_URL) -> dict[str, str]:
    digest = hmac.digest(key.encode(), url.encode() + body, hashlib.sha256)
    return {"x-square-hmacsha256-signature": base64.b64encode(digest).decode()}


def square_event(event_id: str | None = None, event_type: str = "order.created") -> bytes:
    event = {"merchant_id": "M", "type": event_type, "event_id": event_id or str(uuid4()), "data": {"id": "O-1"}}
    return json.dumps(event).encode()


def standard_headers(
    body: bytes, event_id: str | None = None, key: bytes = DEMO_EATS_KEY, sent_at: int | str | None = None
) -> dict[str, str]:
    event_id, sent_at = event_id or f"msg_{uuid4()}", str(int(time.time()) if sent_at is None else sent_at)
    digest = hmac.digest(key, f"{event_id}.{sent_at}.".encode() + body, hashlib.sha256)
    signature = "v1," + base64.b64encode(digest).decode()
    return {"webhook-id": event_id, "webhook-timestamp": sent_at, "webhook-signature": signature}
