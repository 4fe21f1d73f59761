"""The state folder of one copy of the stack (``STOREKEEPER_HOME``): where all lies, and what was generated for it."""

import json
import os
import secrets
import socket
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PROJECT = Path(__file__).parent.parent
# Name of a generated secret → how it is made. Made once per home; `make reset` forgets them.
SECRETS: dict[str, Callable[[], str]] = {
    "admin_password": lambda: secrets.token_urlsafe(12),
    "operator_password": lambda: secrets.token_urlsafe(12),
    "manager_password": lambda: secrets.token_urlsafe(12),
    "viewer_password": lambda: secrets.token_urlsafe(12),
    "uploader_password": lambda: secrets.token_urlsafe(12),
    "exporter_password": lambda: secrets.token_urlsafe(12),
    "fernet_key": lambda: urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "jwt_secret": lambda: secrets.token_urlsafe(64),
    "api_secret_key": lambda: secrets.token_urlsafe(32),
    "square_token": lambda: secrets.token_urlsafe(32),
    "square_webhook_key": lambda: secrets.token_urlsafe(32),
    "ari_password": lambda: secrets.token_urlsafe(24),
    # As Standard Webhooks writes them.
    "order_secret": lambda: f"whsec_{b64encode(secrets.token_bytes(32)).decode()}",
}


class Home:
    """Paths, secrets and chosen ports of one state folder. Only its owner may look into it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.airflow = self.folder / "airflow"
        self.sandbox = self.folder / "sandbox"
        self.listener = self.folder / "listener"
        self.partner_files = self.folder / "partner_files"
        # Watched: what lies here is taken in.
        self.incoming_files = self.partner_files / "incoming"
        self.logs = self.folder / "logs"
        self.bin = self.folder / "bin"
        self.env_file = self.folder / "env"
        self.lock_file = self.folder / "lock"

    @classmethod
    def from_environment(cls) -> "Home":
        return cls(PROJECT / os.environ.get("STOREKEEPER_HOME", ".storekeeper"))

    def create(self) -> None:
        inner = (self.airflow, self.sandbox, self.listener, self.incoming_files, self.logs, self.bin)
        for folder in (self.folder, *inner):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def secrets(self) -> dict[str, str]:
        """Every name of SECRETS with its value; those that are missing are generated and kept."""
        values: dict[str, str] = self.recall("secrets.json", {})
        missing = {name: make() for name, make in SECRETS.items() if name not in values}
        if missing:
            values |= missing
            self.remember("secrets.json", values)
        return values

    def free_port(self, name: str) -> int:
        """A loopback port for our own use, kept from start to start while nobody else takes it."""
        ports: dict[str, int] = self.recall("ports.json", {})
        if name not in ports or not is_free(ports[name]):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                ports[name] = probe.getsockname()[1]
            self.remember("ports.json", ports)
        return ports[name]

    def recall(self, name: str, default: T) -> T:
        file = self.folder / name
        if not file.exists():
            return default
        value: T = json.loads(file.read_text())
        return value

    def remember(self, name: str, value: object) -> None:
        write_private(self.folder / name, json.dumps(value, indent=1))


def write_private(file: Path, text: str) -> None:
    """Replaces the file in one step; only its owner may read it."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(text)
    new.rename(file)


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port now."""
    with socket.socket() as probe:
        # As servers do: a connection that lingers in TIME_WAIT does not hold the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
