"""The listener's settings, read once from the environment: nothing else of the process's surroundings is looked at."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

FEEDS = ("ari", "json", "none")


class SettingsError(Exception):
    """Wrong settings; `problems` has one sentence for each, with the variable (or file and field) and the remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Each field is the variable of the same name in capitals; secrets do not show in its repr."""

    storekeeper_listener_db_url: str = field(repr=False)
    #: `ari`, `json` or `none`.
    call_feed: str
    #: The feed's name in inbox.call.
    call_feed_name: str
    listener_host: str = "127.0.0.1"
    listener_port: int = 8090
    #: The folder that keeps calls until Postgres has them, and its bound; None where there is no feed.
    listener_spool: Path | None = None
    listener_spool_mb: int = 256
    #: The telephone system's HTTP address, without /ari.
    ari_url: str = ""
    ari_user: str = ""
    ari_password: str = field(default="", repr=False)
    ari_app: str = "storekeeper"
    ari_contexts: tuple[str, ...] = ("from-external",)
    #: May hold a token.
    call_feed_url: str = field(default="", repr=False)
    call_feed_mapping: Path | None = None
    #: Every key that Square may sign with now: more than one while the key is being changed. Empty: no Square.
    square_webhook_signature_key: tuple[str, ...] = field(default=(), repr=False)
    square_webhook_url: str = ""
    order_providers: Path | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises SettingsError with every variable that is missing or wrong."""
        read = _Reader(environment)
        feed = read.one_of("CALL_FEED", FEEDS)
        is_square = any(environment.get(name) for name in ("SQUARE_WEBHOOK_SIGNATURE_KEY", "SQUARE_WEBHOOK_URL"))
        settings = cls(
            storekeeper_listener_db_url=read.database_url("STOREKEEPER_LISTENER_DB_URL"),
            call_feed=feed,
            call_feed_name=read.text("CALL_FEED_NAME", feed),
            listener_host=read.text("LISTENER_HOST", cls.listener_host),
            listener_port=read.number("LISTENER_PORT", cls.listener_port, most=65535),
            listener_spool=read.folder("LISTENER_SPOOL", is_needed=feed in ("ari", "json")),
            listener_spool_mb=read.number("LISTENER_SPOOL_MB", cls.listener_spool_mb, most=1_000_000),
            ari_url=read.url("ARI_URL", ("http", "https"), is_needed=feed == "ari").rstrip("/"),
            ari_user=read.secret("ARI_USER", is_needed=feed == "ari"),
            ari_password=read.secret("ARI_PASSWORD", is_needed=feed == "ari"),
            ari_app=read.text("ARI_APP", cls.ari_app),
            ari_contexts=read.names("ARI_CONTEXTS", cls.ari_contexts),
            call_feed_url=read.url("CALL_FEED_URL", ("ws", "wss"), is_needed=feed == "json"),
            call_feed_mapping=read.file("CALL_FEED_MAPPING", is_needed=feed == "json"),
            square_webhook_signature_key=tuple(
                read.secret("SQUARE_WEBHOOK_SIGNATURE_KEY", is_needed=is_square).split()
            ),
            square_webhook_url=read.url("SQUARE_WEBHOOK_URL", ("http", "https"), is_needed=is_square),
            order_providers=read.file("ORDER_PROVIDERS", is_needed=False),
        )
        if read.problems:
            raise SettingsError(read.problems)
        return settings


class _Reader:
    """Reads variable after variable and remembers what was wrong; what it gives for a wrong one is never used."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self.environment.get(name, "").strip() or default

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        text = self.text(name)
        if text not in choices:
            self.problems.append(f"{name} is {text!r}: set it to one of {', '.join(choices)}")
        return text

    def number(self, name: str, default: int, most: int) -> int:
        text = self.text(name, str(default))
        if text.isascii() and text.isdecimal() and 0 < int(text) <= most:
            return int(text)
        self.problems.append(f"{name} is {text!r}: set a whole number between 1 and {most}")
        return default

    def names(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(part for part in self.text(name).replace(",", " ").split()) or default

    def secret(self, name: str, is_needed: bool) -> str:
        text = self.text(name)
        if is_needed and not text:
            self.problems.append(f"{name} is not set: it is needed with {self._reason(name)}")
        return text

    def url(self, name: str, schemes: tuple[str, ...], is_needed: bool) -> str:
        text = self.secret(name, is_needed)
        if text and not self._is_url(text, schemes):
            # Not shown: a URL may hold a password or a token.
            self.problems.append(
                f"{name} is no URL: set one that begins with {' or '.join(f'{s}://' for s in schemes)}"
            )
        return text

    def database_url(self, name: str) -> str:
        text = self.text(name)
        try:
            is_url = bool(conninfo_to_dict(text))
        except psycopg.ProgrammingError:
            is_url = False
        if not is_url:
            self.problems.append(
                f"{name} is {'no Postgres URL' if text else 'not set'}: "
                "set postgresql://storekeeper_listener:…@host/storekeeper"
            )
        return text

    def folder(self, name: str, is_needed: bool) -> Path | None:
        text = self.secret(name, is_needed)
        if text and Path(text).exists() and not Path(text).is_dir():
            self.problems.append(f"{name} is {text!r}, which is no folder: set one that the listener may write to")
        return Path(text) if text else None

    def file(self, name: str, is_needed: bool) -> Path | None:
        text = self.secret(name, is_needed)
        if text and not Path(text).is_file():
            self.problems.append(f"{name} is {text!r}, where there is no file: set the path of a YAML file")
        return Path(text) if text else None

    def _reason(self, name: str) -> str:
        if name.startswith("SQUARE_"):
            return "the other SQUARE_WEBHOOK_ variable (set both, or neither)"
        return f"CALL_FEED={self.text('CALL_FEED')}"

    @staticmethod
    def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
        try:
            parts = urlsplit(text)
            return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
        except ValueError:
            return False
