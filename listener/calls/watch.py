"""Watches a telephone system for as long as the listener runs: reader, decisions, writer, each a thread."""

import os
import signal
import threading
import time
from collections.abc import Callable
from queue import Queue
from typing import Any

import structlog

from listener.calls.ari import AriFeed
from listener.calls.decisions import Decisions
from listener.calls.feed import Feed, Passed, Reader, Stop
from listener.calls.json_feed import JsonFeed
from listener.calls.mapping import load_mapping
from listener.calls.spool import Spool
from listener.calls.writer import Writer
from listener.metrics import Metrics
from listener.settings import Settings

MEGABYTE = 1024 * 1024
#: Seconds of the busiest minute; then the reader waits, and the telephone system cuts a listener that is too slow.
QUEUED_FRAMES = 50_000

log = structlog.get_logger(__name__)


class CallWatch:
    """With CALL_FEED=none there is nothing to watch. Raises SettingsError for a mapping that cannot be read."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._mapping = load_mapping(settings.call_feed_mapping, os.environ) if settings.call_feed == "json" else None
        self._threads: list[threading.Thread] = []
        self._running: tuple[Spool, Reader, Decisions, Writer] | None = None
        self._failed: str | None = None

    def start(self) -> None:
        """Opens the spool and starts the threads. Raises sqlite3.Error or OSError if its folder is of no use."""
        settings = self._settings
        if settings.call_feed == "none" or settings.listener_spool is None:
            return
        name = settings.call_feed_name
        spool = Spool(settings.listener_spool, settings.listener_spool_mb * MEGABYTE)
        queue: Queue[Passed] = Queue(QUEUED_FRAMES)
        reader = Reader(self._feed(spool), queue)
        decisions = Decisions(name, reader.feed, reader, spool, self._metrics)
        writer = Writer(spool, settings.storekeeper_listener_db_url, name, self._metrics)
        self._running = spool, reader, decisions, writer
        for part, run in (("reader", reader.run), ("decisions", decisions.run), ("writer", writer.run)):
            thread = threading.Thread(target=self._guarded, args=[run], name=f"calls-{part}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, seconds: float) -> None:
        """Decides what has ended, keeps it on disk, and gives Postgres the rest of the time."""
        if self._running is None:
            return
        deadline = time.monotonic() + seconds
        spool, reader, _, writer = self._running
        reading, deciding, writing = self._threads
        reader.stop()
        reading.join(max(0.0, deadline - time.monotonic()))
        reader.queue.put(Stop())
        deciding.join(max(0.0, deadline - time.monotonic()))
        writer.stop_by(deadline)
        writing.join(max(0.0, deadline - time.monotonic()))
        if not any(thread.is_alive() for thread in self._threads):
            spool.close()
        self._running = None

    def status(self) -> dict[str, Any]:
        """For /health: plain data, nothing personal; `problems` is empty while calls are watched and kept."""
        if self._running is None:
            return {"feed": self._settings.call_feed, "state": "off", "problems": []}
        spool, _, decisions, _ = self._running
        gap = decisions.open_gap
        state = "connected" if decisions.is_synchronised else "connecting"
        problems = []
        if self._failed:
            problems.append(f"the thread {self._failed} has ended: see the log, and restart the listener")
        if not decisions.is_synchronised:
            problems.append("the call feed is not connected" + (f": {gap.reason}" if gap else ""))
        if decisions.is_refusing or spool.is_full:
            problems.append("the call spool is full: bring Postgres back, or raise LISTENER_SPOOL_MB")
        return {
            "feed": self._settings.call_feed_name,
            "state": state,
            "problems": problems,
            "connected_since": decisions.connected_since,
            "last_event_at": decisions.last_event_at,
            "open_calls": decisions.open_count,
            "spooled_calls": spool.count,
            "spool_bytes": spool.size,
            "open_gap": {"since": gap.started_at, "reason": gap.reason} if gap else None,
        }

    def _feed(self, spool: Spool) -> Feed:
        if self._mapping is not None:
            return JsonFeed(self._settings.call_feed_url, self._mapping)
        state = spool.feed_state(self._settings.call_feed_name)
        return AriFeed(self._settings, spool.open_calls(), state.memory)

    def _guarded(self, run: Callable[[], None]) -> None:
        """A part that fails takes the process with it: whoever restarts the listener records the gap, too."""
        try:
            run()
        except BaseException:
            self._failed = threading.current_thread().name
            log.exception("call_watch_failed", thread=self._failed)
            os.kill(os.getpid(), signal.SIGTERM)
            raise
