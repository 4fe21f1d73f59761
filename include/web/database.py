"""The web app's connections to the storekeeper database: a pool that is opened when it is first needed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Annotated, Any

import psycopg
from fastapi import Depends, Request
from psycopg_pool import ConnectionPool

from include.warehouse.connection import CONN_ID, parameters

MOST_CONNECTIONS = 8
# How long a request waits for a connection, and how long a statement may take.
WAIT_SECONDS = 2
STATEMENT_SECONDS = 10

# Tells of every connection lent, at INFO.
logging.getLogger("psycopg.pool").setLevel(logging.WARNING)


class Database:
    """For routes that run in threads (`def`, not `async def`)."""

    def __init__(self) -> None:
        self._pool: ConnectionPool[psycopg.Connection] | None = None
        self._lock = Lock()

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        """One transaction. Raises psycopg.OperationalError (psycopg_pool.PoolTimeout) while the database is away."""
        # Begun here, so that a block of the caller's within it is a savepoint and commits nothing by itself.
        with self._opened().connection() as connection, connection.transaction():
            yield connection

    def close(self) -> None:
        with self._lock:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    def _opened(self) -> "ConnectionPool[psycopg.Connection]":
        with self._lock:
            if self._pool is None:
                # Says at once, and to the caller, if Airflow has no such connection.
                _options()
                self._pool = ConnectionPool(
                    kwargs=_options,
                    min_size=1,
                    max_size=MOST_CONNECTIONS,
                    # Callers beyond that are told to come back rather than block Airflow's threads.
                    max_waiting=2 * MOST_CONNECTIONS,
                    timeout=WAIT_SECONDS,
                    reconnect_timeout=WAIT_SECONDS,
                    check=ConnectionPool.check_connection,
                    open=True,
                    name="storekeeper-web",
                )
            return self._pool


def _options() -> dict[str, Any]:
    """Read for each new connection: what is changed in Airflow holds from then on."""
    return {
        **parameters(CONN_ID),
        "application_name": "storekeeper-web",
        "connect_timeout": WAIT_SECONDS,
        "options": f"-c TimeZone=UTC -c statement_timeout={STATEMENT_SECONDS}s"
        " -c idle_in_transaction_session_timeout=30s",
    }


def database(request: Request) -> Database:
    opened: Database = request.app.state.database
    return opened


Db = Annotated[Database, Depends(database)]
