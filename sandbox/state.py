"""What all stand-ins share: one SQLite file, the faults, the settings.

The sandbox is one process with one event loop, and every stand-in uses the one connection from that loop only. Nothing
awaits between `with state.transaction():` and its end, so that a handler has the database for itself without locks.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.faults import Faults
from sandbox.settings import Settings


@dataclass
class State:
    """The stand-ins' memory. Each stand-in adds its own tables with `create_tables`.

    `events_due` is set when a webhook's event has been queued. `on_reset` empties what is not in the database.
    """

    settings: Settings
    db: sqlite3.Connection
    faults: Faults = field(default_factory=Faults)
    events_due: asyncio.Event = field(default_factory=asyncio.Event)
    on_reset: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    def open(cls, settings: Settings) -> "State":
        settings.folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(settings.folder / "sandbox.sqlite", isolation_level=None)
        db.row_factory = sqlite3.Row
        db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;")
        return cls(settings, db)

    def create_tables(self, script: str) -> None:
        """Runs `CREATE … IF NOT EXISTS` statements; call it from a stand-in's `routes(state)`."""
        self.db.executescript(script)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commits at the end, rolls back on any exception. Never await inside. Not to be nested."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield self.db
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def reset(self) -> None:
        """Empties every stand-in and switches all faults off."""
        for empty in self.on_reset:
            empty()
        tables = [row["name"] for row in self.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        with self.transaction() as db:
            db.execute("PRAGMA defer_foreign_keys = ON")
            for table in tables:
                db.execute(f'DELETE FROM "{table}"')  # noqa: S608 (names from our own schema)
        self.faults.clear()

    def close(self) -> None:
        self.db.close()
