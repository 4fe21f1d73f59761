"""The sandbox's settings, read once from the environment."""

import base64
import binascii
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
    `smtp_password` empty: mail needs no login. `ari_user` and `ari_password` empty: there is no telephone.
    `listener_url` empty: no ordering platform sends orders; else they go below it, signed with `order_secret`.
    `partner_folder` None: no partner drops files; else into this one.
    """

    folder: Path
    square_token: str
    webhook_key: str
    webhook_url: str = ""
    port: int = 8081
    smtp_port: int = 8025
    smtp_password: str = ""
    ari_user: str = ""
    ari_password: str = ""
    listener_url: str = ""
    order_secret: str = ""
    partner_folder: Path | None = None

    @property
    def has_phone(self) -> bool:
        return bool(self.ari_user)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError naming the first variable that is missing or wrong."""

        def required(name: str, why: str) -> str:
            if value := environment.get(name, ""):
                return value
            raise SettingsError(f"{name} is not set: {why}")

        def port(name: str, default: int) -> int:
            text = environment.get(name, "") or str(default)
            if text.isdecimal() and 0 < int(text) < 65536:
                return int(text)
            raise SettingsError(f"{name} is {text!r}: set a port between 1 and 65535")

        def together(name: str, partner: str) -> str:
            value = environment.get(name, "")
            if not value and environment.get(partner, ""):
                raise SettingsError(f"{name} is not set, but {partner} is: set both or none")
            return value

        order_secret = together("SANDBOX_ORDER_SECRET", "SANDBOX_LISTENER_URL")
        if order_secret and not _is_signing_secret(order_secret):
            raise SettingsError("SANDBOX_ORDER_SECRET is no signing secret: set whsec_ and base64 after it")
        return cls(
            folder=Path(required("SANDBOX_STATE", "name the folder that keeps the sandbox's state")),
            square_token=required("SANDBOX_SQUARE_TOKEN", "set the access token that Square's stand-in accepts"),
            webhook_key=required("SANDBOX_SQUARE_WEBHOOK_KEY", "set the key that signs Square's webhooks"),
            webhook_url=environment.get("SANDBOX_SQUARE_WEBHOOK_URL", ""),
            port=port("SANDBOX_PORT", 8081),
            smtp_port=port("SANDBOX_SMTP_PORT", 8025),
            smtp_password=environment.get("SANDBOX_SMTP_PASSWORD", ""),
            ari_user=together("SANDBOX_ARI_USER", "SANDBOX_ARI_PASSWORD"),
            ari_password=together("SANDBOX_ARI_PASSWORD", "SANDBOX_ARI_USER"),
            listener_url=environment.get("SANDBOX_LISTENER_URL", "").rstrip("/"),
            order_secret=order_secret,
            partner_folder=Path(folder) if (folder := environment.get("SANDBOX_PARTNER_FOLDER", "")) else None,
        )


def _is_signing_secret(text: str) -> bool:
    prefix, _, encoded = text.partition("_")
    try:
        return prefix == "whsec" and len(base64.b64decode(encoded, validate=True)) > 0
    except binascii.Error:
        return False
