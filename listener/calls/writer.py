"""Carries what waits in the spool to Postgres: in batches, oldest first, and out when they are committed."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import psycopg
import structlog
from psycopg.types.json import Jsonb

from listener.calls.backoff import pause_seconds
from listener.calls.spool import Spool, Waiting
from listener.metrics import Metrics

BATCH_ROWS = 500
CONNECT_SECONDS = 5
LONGEST_PAUSE_SECONDS = 10.0
# A server that is reached but silent is away too. What is in Postgres is on its disk, whatever the role's default.
SESSION = "-c statement_timeout=10000 -c synchronous_commit=on"
SQL = {
    "call": """
        INSERT INTO inbox.call (
            feed, call_id, outcome, caller_number, caller_name, dialled_number, department, ring_seconds, wait_seconds,
            talk_seconds, legs_tried, started_at, answered_at, ended_at
        )
        SELECT
            %(feed)s, call_id, outcome, caller_number, caller_name, dialled_number, department, ring_seconds,
            wait_seconds, talk_seconds, legs_tried, started_at, answered_at, ended_at
        FROM jsonb_to_recordset(%(rows)s) AS row(
            call_id text, outcome text, caller_number text, caller_name text, dialled_number text, department text,
            ring_seconds numeric, wait_seconds numeric, talk_seconds numeric, legs_tried smallint,
            started_at timestamptz, answered_at timestamptz, ended_at timestamptz
        )
        ON CONFLICT DO NOTHING
    """,
    "gap": """
        INSERT INTO inbox.call_feed_gap (gap_id, feed, started_at, ended_at, reason)
        SELECT gap_id, %(feed)s, started_at, ended_at, reason
        FROM jsonb_to_recordset(%(rows)s)
            AS row(gap_id uuid, started_at timestamptz, ended_at timestamptz, reason text)
        ON CONFLICT DO NOTHING
    """,
}

log = structlog.get_logger(__name__)


class Writer:
    """A thread that lives as long as the process. `feed` is the feed's name in inbox.call."""

    def __init__(self, spool: Spool, database_url: str, feed: str, metrics: Metrics) -> None:
        self._spool = spool
        self._url = database_url
        self._feed = feed
        self._metrics = metrics
        self._connection: psycopg.Connection | None = None
        self._stops_by: float | None = None
        self._stopping = threading.Event()

    def stop_by(self, deadline: float) -> None:
        """Lets `run` end when the spool is empty, Postgres does not answer, or time.monotonic() is past `deadline`."""
        self._stops_by = deadline
        self._stopping.set()
        self._spool.close_soon()

    def run(self) -> None:
        failures = 0
        while self._has_work():
            try:
                self._carry(self._spool.first(BATCH_ROWS))
                failures = 0
            except psycopg.Error as error:
                # Away, or not migrated yet, or the role may not: all of that ends one day, and the calls wait for it.
                self._disconnect()
                if failures == 0:
                    log.error("calls_wait_for_postgres", reason=type(error).__name__, waiting_count=self._spool.count)
                failures += 1
                if self._stopping.wait(pause_seconds(failures, LONGEST_PAUSE_SECONDS)):
                    break
            self._metrics.spool_calls.set(self._spool.count)
            self._metrics.spool_bytes.set(self._spool.size)
        self._disconnect()

    def _has_work(self) -> bool:
        """Waits until there is some; False when it is time to end."""
        while not self._stopping.is_set():
            if self._spool.wait_for_rows(60):
                return True
        return self._spool.count > 0 and self._stops_by is not None and time.monotonic() < self._stops_by

    def _carry(self, rows: Sequence[Waiting]) -> None:
        try:
            self._insert(rows)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            if len(rows) == 1:
                log.error("call_rejected", kind=rows[0].kind, reason=type(error).__name__, remedy="see table rejected")
                self._metrics.calls_rejected.labels(self._feed).inc()
                self._spool.set_aside(rows[0], datetime.now(UTC), str(error))
                return
            # One row must not hold up the others: halves, until it stands alone.
            middle = len(rows) // 2
            self._carry(rows[:middle])
            self._carry(rows[middle:])
            return
        self._spool.remove(rows)

    def _insert(self, rows: Sequence[Waiting]) -> None:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._url,
                connect_timeout=CONNECT_SECONDS,
                options=SESSION,
                tcp_user_timeout=10_000,
                application_name="storekeeper-listener-calls",
            )
        with self._connection.transaction():
            for kind, statement in SQL.items():
                contents = [msgspec.json.decode(row.content) for row in rows if row.kind == kind]
                if contents:
                    self._connection.execute(statement, {"feed": self._feed, "rows": Jsonb(contents)})

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
