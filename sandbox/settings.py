"""The sandbox's settings, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


class SettingsError(Exception):
    """A variable is missing or wrong; the message names it."""


@dataclass(frozen=True)
class Settings:
    """Where the sandbox listens, what it remembers, and the secrets the stack made for it.

    `webhook_url` empty: no order events are sent until one is set over HTTP.
    `smtp_password` empty: mail needs no login.
    """

    folder: Path
    square_token: str
    webhook_key: str
    webhook_url: str = ""
    port: int = 8081
    smtp_port: int = 8025
    smtp_password: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError naming the first variable that is missing or is no port."""

        def required(name: str, why: str) -> str:
            if value := environment.get(name, ""):
                return value
            raise SettingsError(f"{name} is not set: {why}")

        def port(name: str, default: int) -> int:
            text = environment.get(name, "") or str(default)
            if text.isdecimal() and 0 < int(text) < 65536:
                return int(text)
            raise SettingsError(f"{name} is {text!r}: set a port between 1 and 65535")

        return cls(
            folder=Path(required("SANDBOX_STATE", "name the folder that keeps the sandbox's state")),
            square_token=required("SANDBOX_SQUARE_TOKEN", "set the access token that Square's stand-in accepts"),
            webhook_key=required("SANDBOX_SQUARE_WEBHOOK_KEY", "set the key that signs Square's webhooks"),
            webhook_url=environment.get("SANDBOX_SQUARE_WEBHOOK_URL", ""),
            port=port("SANDBOX_PORT", 8081),
            smtp_port=port("SANDBOX_SMTP_PORT", 8025),
            smtp_password=environment.get("SANDBOX_SMTP_PASSWORD", ""),
        )
