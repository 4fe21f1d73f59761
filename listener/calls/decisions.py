"""The thread that decides: takes what the reader passes on, asks the feed what it means, and keeps that on disk."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from queue import Empty, Queue
from uuid import uuid4

import structlog

from listener.calls.call import Call
from listener.calls.feed import Connected, Feed, Lost, Passed, Reader, RejectedError, Stop, Surveyed
from listener.calls.gap import Gap
from listener.calls.spool import FeedState, Spool
from listener.calls.switchboard import LINGER_SECONDS
from listener.calls.verdict import Verdict
from listener.metrics import Metrics

#: How much too early a gap may begin after a crash.
HEARTBEAT_SECONDS = 5.0
BATCH = 1000
#: Verdicts held while the disk takes nothing.
MOST_HELD = 10_000

log = structlog.get_logger(__name__)


class Decisions:
    """`run` is the thread; it ends when it has taken Stop. The rest may be read by others."""

    def __init__(self, name: str, feed: Feed, reader: Reader, spool: Spool, metrics: Metrics) -> None:
        self._name = name
        self._feed = feed
        self._reader = reader
        self._spool = spool
        self._metrics = metrics
        self._state: FeedState = spool.feed_state(name)
        self._connection = 0
        self._verdicts: list[Verdict] = []
        self._gaps: list[Gap] = []
        self._calls: dict[str, Call | None] = {}
        self._kept = 0.0
        self._started_at = datetime.now(UTC)
        self.connected_since: datetime | None = None
        self.is_synchronised = False
        self.is_refusing = False
        self.last_event_at: datetime | None = None
        if self._state.heard_at is not None and self._state.open_gap is None:
            self._open_gap(self._state.heard_at, "the listener was not running")

    @property
    def open_count(self) -> int:
        return self._feed.open_count

    @property
    def open_gap(self) -> Gap | None:
        return self._state.open_gap

    def run(self) -> None:
        self._keep(time.monotonic(), is_urgent=True)
        goes_on = True
        while goes_on:
            # Read first: whatever was heard until then is in the queue already.
            heard_at = self._reader.heard_at
            passed = list(self._next())
            for one in passed:
                goes_on = self._take(one) and goes_on
            now = time.monotonic()
            # At the end nobody lingers.
            self._verdicts += self._feed.due(now if goes_on else now + LINGER_SECONDS)
            if self.is_synchronised and len(passed) < BATCH and heard_at is not None:
                self._state.heard_at = heard_at
            self._keep(now, is_urgent=not goes_on)
            self._metrics.calls_open.labels(self._name).set(self._feed.open_count)

    def _next(self) -> Iterator[Passed]:
        """What is there, or what comes before something is due."""
        due = self._feed.next_due()
        wait = HEARTBEAT_SECONDS if due is None else max(0.0, min(HEARTBEAT_SECONDS, due - time.monotonic()))
        queue: Queue[Passed] = self._reader.queue
        try:
            yield queue.get(timeout=wait)
            for _ in range(BATCH - 1):
                yield queue.get_nowait()
        except Empty:
            return

    def _take(self, passed: Passed) -> bool:
        """False for the last."""
        now, at = time.monotonic(), datetime.now(UTC)
        match passed:
            case bytes():
                self.last_event_at = at
                self._hear(passed, at, now)
            case Connected(connection):
                self._connection = connection
                self.connected_since = at
                log.info("call_feed_connected", feed_name=self._name)
            case Surveyed(connection, snapshot):
                if connection == self._connection and self.connected_since is not None:
                    lost_at = self.open_gap.started_at if self.open_gap else self._started_at
                    self._verdicts += self._feed.resume(snapshot, lost_at, now)
                    self.is_synchronised = True
                    self._metrics.call_feed_connected.labels(self._name).set(1)
            case Lost(heard_at, reason):
                self.connected_since = None
                self.is_synchronised = False
                self._feed.lost()
                self._open_gap(heard_at or self._started_at, reason)
                self._metrics.call_feed_connected.labels(self._name).set(0)
            case Stop():
                return False
        return True

    def _hear(self, frame: bytes, at: datetime, now: float) -> None:
        try:
            self._verdicts += self._feed.hear(frame, now)
        except RejectedError as error:
            log.error("call_message_rejected", feed_name=self._name, reason=str(error), remedy="see the table rejected")
            self._metrics.calls_rejected.labels(self._name).inc()
            self._spool.reject(at, str(error), frame)

    def _open_gap(self, started_at: datetime, reason: str) -> None:
        if self._state.open_gap is None:
            self._state.open_gap = Gap(uuid4(), started_at, reason)
            self._gaps.append(self._state.open_gap)
            self._metrics.call_feed_gaps.labels(self._name).inc()
            log.warning("call_feed_gap_opened", feed_name=self._name, since=started_at.isoformat(), reason=reason)

    def _close_gap(self) -> None:
        """When nothing is missed any more: the feed tells everything, and the spool takes it."""
        gap = self._state.open_gap
        if gap is not None and self.is_synchronised and not self.is_refusing:
            self._state.open_gap = None
            self._gaps.append(gap.ended(datetime.now(UTC)))
            log.info("call_feed_gap_closed", feed_name=self._name, since=gap.started_at.isoformat())

    def _keep(self, now: float, is_urgent: bool) -> None:
        self._close_gap()
        self._state.memory = self._feed.memory
        self._calls |= self._feed.unsaved()
        if not (self._verdicts or self._gaps or self._calls or is_urgent or now - self._kept >= HEARTBEAT_SECONDS):
            return
        try:
            refused = self._spool.keep(self._name, self._state, self._verdicts, self._gaps, self._calls)
        except sqlite3.Error as error:
            # The next round tries again with what has come meanwhile.
            log.error("spool_takes_nothing", reason=str(error), remedy="make room on the disk of LISTENER_SPOOL")
            self.is_refusing = True
            self._refuse(self._verdicts[MOST_HELD:])
            del self._verdicts[MOST_HELD:]
            return
        taken = len(self._verdicts) - refused
        self._tell(self._verdicts[:taken])
        self.is_refusing = refused > 0 or (self.is_refusing and self._spool.is_full)
        refused_verdicts = self._verdicts[taken:]
        self._kept, self._verdicts, self._gaps, self._calls = now, [], [], {}
        self._refuse(refused_verdicts)

    def _refuse(self, verdicts: list[Verdict]) -> None:
        if not verdicts:
            return
        self._metrics.calls_refused.labels(self._name).inc(len(verdicts))
        log.error(
            "spool_is_full",
            lost_count=len(verdicts),
            bound_bytes=self._spool.bound,
            remedy="bring Postgres back, or raise LISTENER_SPOOL_MB",
        )
        self._open_gap(min(verdict.ended_at for verdict in verdicts), "the spool was full")

    def _tell(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            self._metrics.calls.labels(self._name, verdict.outcome).inc()
            log.info(
                "call_decided",
                call_id=verdict.call_id,
                outcome=verdict.outcome,
                department=verdict.department,
                ends_in=(verdict.caller_number or "")[-2:],
                wait_seconds=verdict.wait_seconds,
                legs_tried=verdict.legs_tried,
            )
