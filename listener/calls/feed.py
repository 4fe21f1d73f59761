"""A feed: a WebSocket that somebody sends calls over. Here is the thread that reads it, and what it passes on.

The reader only passes on: Asterisk gives a slow listener 100 ms and then hangs up. When the socket is lost it connects
again, soon at first and ever more seldom; one on which nothing comes, not even the answer to a ping, counts as lost.
"""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Queue
from typing import NamedTuple, Protocol

import structlog
import websocket
from websocket import ABNF

from listener.calls.backoff import pause_seconds
from listener.calls.call import Call, Memory
from listener.calls.snapshot import Snapshot, SnapshotError
from listener.calls.verdict import Verdict

CONNECT_SECONDS = 5.0
PING_SECONDS = 5.0
SILENCE_SECONDS = 12.0
LONGEST_PAUSE_SECONDS = 30.0
#: A connection that lasted so long was a good one: the next pause is the first again.
GOOD_SECONDS = 30.0

log = structlog.get_logger(__name__)


class RejectedError(Exception):
    """A frame that cannot be read; the text says what is wrong with it, without what is in it."""


class Feed(Protocol):
    """What a feed's frames mean. `now` is time.monotonic(). Other threads call `survey` and `is_farewell` only."""

    url: str
    headers: dict[str, str]

    @property
    def open_count(self) -> int: ...

    @property
    def memory(self) -> Memory: ...

    def is_farewell(self, frame: bytes) -> bool:
        """Whether the other side says with this that somebody else has taken our place."""

    def survey(self) -> Snapshot | None:
        """What the other side says is going on; None if it does not tell. Raises SnapshotError."""

    def hear(self, frame: bytes, now: float) -> list[Verdict]:
        """Raises RejectedError."""

    def due(self, now: float) -> list[Verdict]:
        """Verdicts for which it was time to wait."""

    def next_due(self) -> float | None: ...

    def lost(self) -> None:
        """From now on something may be missed."""

    def resume(self, snapshot: Snapshot | None, lost_at: datetime, now: float) -> list[Verdict]:
        """Nothing is missed from now on. Verdicts on what ended since `lost_at`."""

    def unsaved(self) -> dict[str, Call | None]:
        """Open calls of which something was learned; None for one that is to be forgotten."""


class Connected(NamedTuple):
    connection: int


class Surveyed(NamedTuple):
    connection: int
    snapshot: Snapshot | None


class Lost(NamedTuple):
    """`heard_at`: the last sign of life, None if there was none since the process began."""

    heard_at: datetime | None
    reason: str


class Stop(NamedTuple):
    """The last that is passed on."""


Passed = bytes | Connected | Surveyed | Lost | Stop


@dataclass(eq=False)
class Reader:
    """`run` is the thread; it ends after `stop`."""

    feed: Feed
    queue: Queue[Passed]
    ping_seconds: float = PING_SECONDS
    silence_seconds: float = SILENCE_SECONDS
    heard_at: datetime | None = None

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._socket: websocket.WebSocket | None = None
        self._connection = 0

    def stop(self) -> None:
        self._stopping.set()
        self._hang_up()

    def run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            reason, is_replaced = self._attend()
            if self._stopping.is_set():
                break
            self.queue.put(Lost(self.heard_at, reason))
            failures = 1 if time.monotonic() - started > GOOD_SECONDS else failures + 1
            pause = LONGEST_PAUSE_SECONDS if is_replaced else pause_seconds(failures, LONGEST_PAUSE_SECONDS)
            if is_replaced:
                log.error("call_feed_replaced", remedy="another listener has the same ARI_APP: stop it, or rename one")
            else:
                log.warning("call_feed_lost", reason=reason, failures=failures, next_try_seconds=round(pause, 1))
            self._stopping.wait(pause)

    def _attend(self) -> tuple[str, bool]:
        """Connects and listens until the end; why it ended, and whether somebody else has taken our place."""
        try:
            self._socket = connect(self.feed)
        except (OSError, websocket.WebSocketException) as error:
            return f"no connection: {explain(error)}", False
        self._connection += 1
        self.queue.put(Connected(self._connection))
        self.heard_at = datetime.now(UTC)
        threading.Thread(target=self._survey, args=[self._connection], name="calls-survey", daemon=True).start()
        try:
            return self._listen(self._socket)
        except (OSError, websocket.WebSocketException) as error:
            return explain(error), False
        finally:
            self._socket.shutdown()  # type: ignore[no-untyped-call]

    def _listen(self, open_socket: websocket.WebSocket) -> tuple[str, bool]:
        heard = time.monotonic()
        is_replaced = False
        open_socket.settimeout(self.ping_seconds)
        while not self._stopping.is_set():
            try:
                opcode, content = open_socket.recv_data(control_frame=True)
            except websocket.WebSocketTimeoutException:
                if time.monotonic() - heard > self.silence_seconds:
                    return "no sign of life, not even the answer to a ping", is_replaced
                open_socket.ping()
                continue
            heard = time.monotonic()
            if opcode == ABNF.OPCODE_CLOSE:
                return "closed by the other side", is_replaced
            if opcode in (ABNF.OPCODE_TEXT, ABNF.OPCODE_BINARY):
                self.queue.put(content)
                is_replaced = is_replaced or self.feed.is_farewell(content)
            # After the frame: until then, everything has been passed on.
            self.heard_at = datetime.now(UTC)
        return "stopped", is_replaced

    def _survey(self, connection: int) -> None:
        try:
            snapshot = self.feed.survey()
        except SnapshotError as error:
            log.warning("call_feed_without_snapshot", reason=str(error))
            if connection == self._connection:
                self._hang_up()
        else:
            self.queue.put(Surveyed(connection, snapshot))

    def _hang_up(self) -> None:
        """Wakes the thread that reads."""
        open_socket = self._socket
        if open_socket is not None and open_socket.sock is not None:
            with suppress(OSError):  # it is closed already
                open_socket.sock.shutdown(socket.SHUT_RDWR)


def connect(feed: Feed) -> websocket.WebSocket:
    """Raises OSError or websocket.WebSocketException."""
    return websocket.create_connection(
        feed.url,
        timeout=CONNECT_SECONDS,
        header=feed.headers,
        skip_utf8_validation=True,  # the JSON reader sees to it, a hundred times faster
        suppress_origin=True,
        http_no_proxy=["*"],
    )


def explain(error: Exception) -> str:
    """An error in words that hold neither address nor credentials."""
    if isinstance(error, websocket.WebSocketBadStatusException):
        return f"refused with status {error.status_code}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
