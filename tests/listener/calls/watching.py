"""A CallWatch on a test's telephone system and database, and what became of its calls."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row

from listener.calls import CallWatch
from listener.metrics import Metrics
from listener.settings import Settings
from tests.conftest import Database
from tests.sandbox_process import Sandbox

FEED = "shop-pbx"
Row = dict[str, Any]


def ari_settings(sandbox: Sandbox, database_url: str, spool: Path, **changes: Any) -> Settings:
    stated: dict[str, Any] = {
        "storekeeper_listener_db_url": database_url,
        "call_feed": "ari",
        "call_feed_name": FEED,
        "listener_spool": spool,
        "ari_url": sandbox.url,
        "ari_user": sandbox.ari_user,
        "ari_password": sandbox.ari_password,
    }
    return Settings(**(stated | changes))


@contextmanager
def watching(settings: Settings, metrics: Metrics | None = None) -> Iterator[CallWatch]:
    """Connected and synchronised."""
    watch = CallWatch(settings, metrics or Metrics())
    watch.start()
    try:
        wait_until(lambda: watch.status()["state"] == "connected", 10)
        yield watch
    finally:
        watch.stop(10)


def wait_until(is_so: Callable[[], Any], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.02)


def calls(database: Database) -> list[Row]:
    return _rows(database, "SELECT * FROM inbox.call ORDER BY call_key")


def gaps(database: Database) -> list[Row]:
    return _rows(database, "SELECT * FROM inbox.call_feed_gaps ORDER BY started_at")


def _rows(database: Database, query: str) -> list[Row]:
    with database.connect() as connection:
        return connection.cursor(row_factory=dict_row).execute(query.encode()).fetchall()
