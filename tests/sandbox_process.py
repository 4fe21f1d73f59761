"""The outside world's stand-ins as the tests start them: a real process on free ports."""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from sandbox.google.keyfile import keyfile

TOKEN = "sandbox-token"
WEBHOOK_KEY = "sandbox-webhook-key"
ARI_USER = "storekeeper"
ARI_PASSWORD = "sandbox-ari-password"
ORDER_SECRET = "whsec_" + base64.b64encode(b"sandbox-order-secret-of-32-bytes").decode()
START_SECONDS = 15


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox, empty at the beginning of each test, and an HTTP client for all who talk to it.

    `listener_port` is free: the ordering platform sends its orders to `listener_url` there.
    """

    port: int
    smtp_port: int
    client: httpx.Client
    listener_port: int
    token: str = TOKEN
    webhook_key: str = WEBHOOK_KEY
    ari_user: str = ARI_USER
    ari_password: str = ARI_PASSWORD
    order_secret: str = ORDER_SECRET

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def square_url(self) -> str:
        return f"{self.url}/square"

    @property
    def google_url(self) -> str:
        return f"{self.url}/google"

    @property
    def ari_url(self) -> str:
        return f"{self.url}/ari"

    @property
    def listener_url(self) -> str:
        return f"http://127.0.0.1:{self.listener_port}"

    @cached_property
    def google_keyfile(self) -> dict[str, str]:
        """A service account that the stand-in lets in."""
        return keyfile(self.url)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request with the token; raises on an error status."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.client.request(method, self.url + path, headers=headers, **options).raise_for_status()

    def set_fault(self, name: str = "fault", **fault: Any) -> None:
        """Switches a fault on; `fault` are the fields of sandbox.faults.Fault."""
        self.request("PUT", f"/sandbox/faults/{name}", json=fault)

    def ring(self, scenario: str, **wish: Any) -> None:
        """Places calls; `wish` are the fields of sandbox.phone.telephone.Wish. They pass 100 times as fast as life."""
        self.request("POST", "/sandbox/phone/calls", json={"scenario": scenario, "speed": 100, **wish})

    def reset(self) -> None:
        self.request("POST", "/sandbox/reset")


def free_ports(count: int) -> list[int]:
    with socket.socket() as first:  # all are held at once, so that no port is given twice
        sockets = [first, *(socket.socket() for _ in range(count - 1))]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1] for one in sockets]
        for one in sockets:
            one.close()
        return ports


@contextmanager
def running_sandbox(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Sandbox]:
    """Starts `python -m sandbox` with its state in `folder`, waits until it answers, and ends it for certain.

    `settings`: variables that differ from those of the tests.
    """
    port, smtp_port, listener_port = free_ports(3)
    environment = os.environ | {
        "SANDBOX_STATE": str(folder),
        "SANDBOX_PORT": str(port),
        "SANDBOX_SMTP_PORT": str(smtp_port),
        "SANDBOX_SQUARE_TOKEN": TOKEN,
        "SANDBOX_SQUARE_WEBHOOK_KEY": WEBHOOK_KEY,
        "SANDBOX_SQUARE_WEBHOOK_URL": "",
        "SANDBOX_ARI_USER": ARI_USER,
        "SANDBOX_ARI_PASSWORD": ARI_PASSWORD,
        "SANDBOX_LISTENER_URL": f"http://127.0.0.1:{listener_port}",
        "SANDBOX_ORDER_SECRET": ORDER_SECRET,
        **(settings or {}),
    }
    log_file = folder.with_suffix(".log")
    with log_file.open("wb") as log, httpx.Client(timeout=30) as client:
        sandbox = Sandbox(port, smtp_port, client, listener_port)
        process = subprocess.Popen([sys.executable, "-m", "sandbox"], env=environment, stdout=log, stderr=log)
        try:
            _wait_until_healthy(sandbox, process, log_file)
            yield sandbox
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_healthy(sandbox: Sandbox, process: subprocess.Popen[bytes], log_file: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            sandbox.client.get(f"{sandbox.url}/health", timeout=1)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"The sandbox did not start: {log_file.read_text()}")
