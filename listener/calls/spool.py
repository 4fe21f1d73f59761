"""The calls' place on disk between the telephone system and Postgres; every commit is on disk before it returns.

It keeps what waits for Postgres, and what the next process must know if this one is killed: the open calls, when the
feed was last heard, and the open gap. One SQLite file.
"""

import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from listener.calls.call import Call, Memory
from listener.calls.gap import Gap
from listener.calls.verdict import Verdict

TABLES = """
CREATE TABLE IF NOT EXISTS waiting (position INTEGER PRIMARY KEY, kind TEXT NOT NULL, content BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS open_call (call_id TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feed (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rejected (
    position INTEGER PRIMARY KEY, rejected_at TEXT NOT NULL, reason TEXT NOT NULL, content BLOB NOT NULL
) STRICT;
"""
FILE = "calls.sqlite3"
#: What a full spool still takes: gaps, which say that calls are missing.
RESERVE_BYTES = 64 * 1024
#: Space comes in pages: with less than this left, the next calls find no room.
LAST_BYTES = 8 * 1024
KEPT_REJECTED = 1000


class Waiting(NamedTuple):
    """A row for Postgres: `kind` is `call` or `gap`, `content` the JSON of a Verdict or a Gap."""

    position: int
    kind: str
    content: bytes


class FeedState(msgspec.Struct):
    """What is known of the feed. `heard_at`: until when nothing was missed, but for an open gap."""

    heard_at: datetime | None = None
    memory: Memory = msgspec.field(default_factory=Memory)
    open_gap: Gap | None = None


class Spool:
    """`bound` in bytes: beyond it new verdicts are refused; what is there stays. Used by several threads."""

    def __init__(self, folder: Path, bound: int) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.bound = bound
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._is_closing = False
        self._database = sqlite3.connect(folder / FILE, check_same_thread=False, isolation_level=None)
        (folder / FILE).chmod(0o600)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(TABLES)
        self._count = self._one("SELECT count(*) FROM waiting")
        self._page_size = self._one("PRAGMA page_size")

    @property
    def count(self) -> int:
        """Rows that wait for Postgres."""
        return self._count

    @property
    def size(self) -> int:
        """Bytes."""
        with self._lock:
            return self._bytes()

    @property
    def is_full(self) -> bool:
        return self.bound - RESERVE_BYTES - self.size < LAST_BYTES

    def open_calls(self) -> list[Call]:
        with self._lock:
            rows = self._database.execute("SELECT content FROM open_call ORDER BY call_id").fetchall()
        return [msgspec.json.decode(content, type=Call) for (content,) in rows]

    def feed_state(self, feed: str) -> FeedState:
        with self._lock:
            row = self._database.execute("SELECT content FROM feed WHERE name = ?", [feed]).fetchone()
        return msgspec.json.decode(row[0], type=FeedState) if row else FeedState()

    def keep(
        self,
        feed: str,
        state: FeedState,
        verdicts: Sequence[Verdict] = (),
        gaps: Iterable[Gap] = (),
        calls: Mapping[str, Call | None] | None = None,
    ) -> int:
        """One commit of all this; decided calls are no longer open. Returns how many verdicts found no room.

        Raises sqlite3.Error (a full or broken disk): then nothing was kept.
        """
        with self._lock:
            room = self.bound - RESERVE_BYTES - self._bytes()
            kept = []
            for verdict in verdicts:
                content = msgspec.json.encode(verdict)
                room -= len(content)
                if room < 0:
                    break
                kept.append(("call", content))
            rows = [*kept, *(("gap", msgspec.json.encode(gap)) for gap in gaps)]
            changed = calls or {}
            with self._transaction():
                self._many("INSERT INTO waiting (kind, content) VALUES (?, ?)", rows)
                self._many(
                    "INSERT OR REPLACE INTO open_call VALUES (?, ?)",
                    [(call_id, msgspec.json.encode(call)) for call_id, call in changed.items() if call is not None],
                )
                ended = [verdict.call_id for verdict in verdicts]
                ended += [call_id for call_id, call in changed.items() if call is None]
                self._many("DELETE FROM open_call WHERE call_id = ?", [(call_id,) for call_id in ended])
                self._many("INSERT OR REPLACE INTO feed VALUES (?, ?)", [(feed, msgspec.json.encode(state))])
            self._count += len(rows)
            if rows:
                self._arrived.notify_all()
            return len(verdicts) - len(kept)

    def reject(self, at: datetime, reason: str, content: bytes) -> None:
        """Keeps what nobody can take, for people; the oldest go when there are too many."""
        with self._lock, self._transaction():
            self._reject(at, reason, content)

    def first(self, most: int) -> list[Waiting]:
        """What has waited longest."""
        with self._lock:
            rows = self._database.execute("SELECT * FROM waiting ORDER BY position LIMIT ?", [most]).fetchall()
        return [Waiting(*row) for row in rows]

    def wait_for_rows(self, seconds: float) -> bool:
        """True as soon as something waits; False when the time is up or `close_soon` was called."""
        with self._arrived:
            return self._arrived.wait_for(lambda: self._count > 0 or self._is_closing, seconds) and self._count > 0

    def close_soon(self) -> None:
        """Lets nobody wait any longer."""
        with self._arrived:
            self._is_closing = True
            self._arrived.notify_all()

    def remove(self, rows: Sequence[Waiting]) -> None:
        """Postgres has them."""
        with self._lock, self._transaction():
            self._remove(rows)

    def set_aside(self, row: Waiting, at: datetime, reason: str) -> None:
        """Postgres will never take it."""
        with self._lock, self._transaction():
            self._remove([row])
            self._reject(at, reason, row.content)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _remove(self, rows: Sequence[Waiting]) -> None:
        self._many("DELETE FROM waiting WHERE position = ?", [(row.position,) for row in rows])
        self._count -= len(rows)

    def _reject(self, at: datetime, reason: str, content: bytes) -> None:
        self._many("INSERT INTO rejected (rejected_at, reason, content) VALUES (?, ?, ?)", [(str(at), reason, content)])
        keep = "DELETE FROM rejected WHERE position <= (SELECT max(position) FROM rejected) - ?"
        self._database.execute(keep, [KEPT_REJECTED])

    def _bytes(self) -> int:
        used = self._one("PRAGMA page_count") - self._one("PRAGMA freelist_count")
        return used * self._page_size

    def _one(self, statement: str) -> int:
        return int(self._database.execute(statement).fetchone()[0])

    def _many(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._database.executemany(statement, rows)

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._database)


class _Transaction:
    """BEGIN to COMMIT, or ROLLBACK when it fails."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._database.execute("COMMIT" if kind is None else "ROLLBACK")
