"""DuckDB as an engine: for the KPIs' statements, and for those that load a file's rows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, LiteralString

import duckdb
import numpy as np

from include.customers.kpis.engines import BLOCK_ROWS, Parameters

MEMORY_LIMIT = "192MB"
PARAMETER = re.compile(r"%\((\w+)\)s")


@contextmanager
def open_database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own, which puts into an empty folder what does not fit into memory, and touches nothing else.

    Not in a file: DuckDB would keep a log of it, and wait for the disk.
    """
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY_LIMIT, "threads": 2}) as connection:
        connection.execute("SET temp_directory = $folder", {"folder": str(folder)})
        connection.execute("SET GLOBAL integer_division = true")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection


class DuckDb:
    """
    :param connection: to a database that only this source knows.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def create(self, table: str, select: LiteralString, parameters: Parameters | None = None) -> None:
        self._connection.execute(*_translated(f'CREATE TABLE "{table}" AS {select}', parameters or {}))

    def stream(self, statement: LiteralString, parameters: Parameters | None = None) -> Iterator[tuple[Any, ...]]:
        # A connection holds one open result: each stream gets its own.
        with self._connection.cursor() as cursor:
            cursor.execute(*_translated(statement, parameters or {}))
            times = [number for number, column in enumerate(cursor.description or ()) if column[1] == "TIMESTAMP"]
            while rows := cursor.fetchmany(BLOCK_ROWS):
                yield from (_in_utc(row, times) for row in rows) if times else rows

    def execute(self, statement: LiteralString, parameters: Mapping[str, Any]) -> None:
        self._connection.execute(*_translated(statement, parameters))

    def row(self, statement: LiteralString, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        (row,) = self._connection.execute(*_translated(statement, parameters)).fetchall()
        return tuple(row)

    def append(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """In blocks, each committed: row by row DuckDB takes some hundreds of times longer, and what is not committed
        it holds in memory, whatever its limit.
        """
        names = ", ".join(columns)
        remaining = iter(rows)
        while block := list(islice(remaining, BLOCK_ROWS)):
            cells = {name: _cells(values) for name, values in zip(columns, zip(*block, strict=True), strict=True)}
            self._connection.register("block", cells)
            self._connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM block")  # noqa: S608 (our names)
        self._connection.unregister("block")


def _translated(statement: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """A statement as DuckDB wants it, and those parameters that it uses.

    Times are naive UTC here: DuckDB casts a TIMESTAMPTZ by the machine's time zone, and reads it with another library.
    """
    names = set(PARAMETER.findall(statement))
    translated = PARAMETER.sub(r"$\1", statement).replace("timestamptz", "timestamp")
    return translated, {name: parameters[name] for name in names}


def _cells(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    plain = (value.replace(tzinfo=None) for value in values) if isinstance(values[0], datetime) else values
    return np.fromiter(plain, dtype=object, count=len(values))


def _in_utc(row: tuple[Any, ...], times: list[int]) -> tuple[Any, ...]:
    cells = list(row)
    for number in times:
        at: datetime | None = cells[number]
        cells[number] = at and at.replace(tzinfo=UTC)
    return tuple(cells)
