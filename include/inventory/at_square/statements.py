"""The SQL files of this folder, and its lock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from include.warehouse.statements import statements_in

statement = statements_in(Path(__file__).parent / "sql")


@contextmanager
def turn(connection: psycopg.Connection) -> Iterator[None]:
    """Who talks to Square about stock does so alone, however many runs there are. In autocommit mode inside.

    :raises psycopg.ProgrammingError: when the connection has a transaction open.
    """
    was_autocommit = connection.autocommit
    connection.autocommit = True
    connection.execute("SELECT pg_advisory_lock(hashtext('inventory.square'))")
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute("SELECT pg_advisory_unlock(hashtext('inventory.square'))")
            connection.autocommit = was_autocommit
