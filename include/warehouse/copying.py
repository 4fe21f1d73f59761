"""COPY, the one way in which rows enter the warehouse."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql


def copy_rows(
    connection: psycopg.Connection, table: str, rows: Iterable[tuple[Any, ...]], columns: Sequence[str] = ()
) -> None:
    """
    :param table: may name its schema: ``"bronze.square_orders"``.
    :param columns: what a row holds, in order; all columns of the table unless given.
    """
    target: sql.Composable = sql.Identifier(*table.split("."))
    if columns:
        target = sql.SQL("{} ({})").format(target, sql.SQL(", ").join(map(sql.Identifier, columns)))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(target)) as copy:
        for row in rows:
            copy.write_row(row)
