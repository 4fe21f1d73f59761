"""The two engines that one SQL runs on: a Postgres session, and DuckDB in a file of its own (`duckdb_engine`).

The SQL keeps to what both understand alike: parameters as ``%(day)s``, each with a cast; sums and counts, no division;
``NULLS FIRST`` or ``LAST`` wherever something may be NULL; texts ordered ``COLLATE "C"``; ``::bigint`` on every sum.
"""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, LiteralString, Protocol

import psycopg
from psycopg import sql

BLOCK_ROWS = 10_000
Parameters = Mapping[str, Any]


class Engine(Protocol):
    """What a source runs its statements on."""

    def create(self, table: str, select: LiteralString, parameters: Parameters | None = None) -> None:
        """Makes a table of a statement's rows, for as long as the source is open."""

    def stream(self, statement: LiteralString, parameters: Parameters | None = None) -> Iterator[tuple[Any, ...]]:
        """A statement's rows, some thousands at a time in memory; times have the time zone UTC."""


class Postgres:
    """
    :param connection: in a transaction, which everything here ends with.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._numbers = count(1)
        # Large groupings over what was just made: compiling them costs more than it saves.
        connection.execute("SET LOCAL timezone = 'UTC'; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'")

    def create(self, table: str, select: LiteralString, parameters: Parameters | None = None) -> None:
        name = sql.Identifier(table)
        self._connection.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS {}").format(name, sql.SQL(select)), parameters
        )
        self._connection.execute(sql.SQL("ANALYZE {}").format(name))

    def stream(self, statement: LiteralString, parameters: Parameters | None = None) -> Iterator[tuple[Any, ...]]:
        with self._connection.cursor(f"kpi_{next(self._numbers)}") as cursor:
            cursor.itersize = BLOCK_ROWS
            yield from cursor.execute(statement, parameters)
