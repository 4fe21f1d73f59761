"""Postgres as an engine of `loading`: in the session, and the transaction, of an open connection."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, LiteralString

import psycopg

from include.warehouse.copying import copy_rows


class PostgresEngine:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def execute(self, statement: LiteralString, parameters: Mapping[str, Any]) -> None:
        # Several statements in one are possible only where psycopg is given no parameters at all.
        self._connection.execute(statement, parameters or None)

    def row(self, statement: LiteralString, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        [row] = self._connection.execute(statement, parameters).fetchall()
        return row

    def append(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        copy_rows(self._connection, table, rows, columns)
