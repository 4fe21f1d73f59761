"""What a telephone system says lives in it now, for whoever was not listening: read over ARI's HTTP side."""

import base64
import http.client
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from listener.calls.events import Bridge, Channel

TIMEOUT_SECONDS = 5.0


class SnapshotError(Exception):
    """The telephone system did not tell; the text names the resource and what came instead."""


class Snapshot(msgspec.Struct, frozen=True):
    startup_time: datetime
    channels: list[Channel]
    bridges: list[Bridge]


class _Status(msgspec.Struct):
    startup_time: datetime


class _Info(msgspec.Struct):
    status: _Status


Answer = TypeVar("Answer")


def basic_authorization(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def take_snapshot(base_url: str, authorization: str) -> Snapshot:
    """Asks for the start-up time, the channels and the bridges. Raises SnapshotError.

    In this order: a bridge that is newer than the list of channels says nothing wrong, a missing channel would.
    """
    parts = urlsplit(base_url)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)

    def get(resource: str, kind: type[Answer]) -> Answer:
        try:
            connection.request("GET", f"{parts.path}/ari/{resource}", headers={"Authorization": authorization})
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise SnapshotError(f"GET /ari/{resource}: {type(error).__name__}: {error}") from error
        if response.status != http.client.OK:
            raise SnapshotError(f"GET /ari/{resource}: status {response.status}: check ARI_URL, ARI_USER, ARI_PASSWORD")
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.MsgspecError as error:
            raise SnapshotError(f"GET /ari/{resource}: no ARI answer: {error}") from error

    try:
        info = get("asterisk/info?only=status", _Info)
        return Snapshot(info.status.startup_time, get("channels", list[Channel]), get("bridges", list[Bridge]))
    finally:
        connection.close()
