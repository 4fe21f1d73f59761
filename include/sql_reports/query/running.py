"""Running a report's SQL as the role `storekeeper_report`: read block by block, in constant memory, within limits.

The rows come by COPY … TO STDOUT, the fastest way out of Postgres (docs/decisions/0092).
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg

from include.sql_reports.query.columns import Column, columns_of
from include.sql_reports.query.errors import TooMuchError
from include.sql_reports.query.guard import CheckedStatement
from include.sql_reports.query.parameters import Value
from include.sql_reports.query.session import Session
from include.sql_reports.query.sinks import Row, RowSink, Sink
from include.warehouse.connection import connect

CONN_ID = "storekeeper_report_db"
DESCRIBE_SECONDS = 10.0
PREVIEW_ROWS = 50
PREVIEW_CHARACTERS = 1_000
PREVIEW_BYTES = 20_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """
    :param seconds: wall-clock time, connecting not counted.
    :param bytes: of the rows as CSV.
    """

    seconds: float = 300
    rows: int = 1_000_000
    bytes: int = 2_000_000_000


@dataclass(frozen=True)
class Result:
    """
    :param byte_count: of the rows as CSV, before any file was made of them.
    :param digest: equal for equal rows in the same order under the same headings.
    """

    row_count: int
    byte_count: int
    columns: tuple[Column, ...]
    digest: str
    seconds: float


@dataclass(frozen=True)
class Preview:
    """
    :param rows: typed as `RowSink` has them; texts are cut after `PREVIEW_CHARACTERS`.
    :param is_cut: whether there are more.
    """

    columns: tuple[Column, ...]
    rows: list[Row]
    is_cut: bool
    seconds: float


Connect = Callable[[], psycopg.Connection]


def report_connection() -> psycopg.Connection:
    return connect(CONN_ID)


def describe(
    statement: CheckedStatement,
    *,
    timezone: str = "UTC",
    seconds: float = DESCRIBE_SECONDS,
    name: str = "report check",
    connect: Connect = report_connection,
) -> tuple[Column, ...]:
    """The columns that a statement brings; it is not run, and its parameters need no values.

    :raises StatementError: Postgres does not understand it; with line and column.
    """
    with Session(connect(), seconds=seconds, timezone=timezone, name=name) as session:
        return _columns(session, statement)


def run(
    statement: CheckedStatement,
    values: Mapping[str, Value],
    sinks: Sequence[Sink],
    *,
    limits: Limits = Limits(),
    timezone: str = "UTC",
    name: str = "report",
    connect: Connect = report_connection,
) -> Result:
    """Gives every row to every sink.

    :param values: those of `parameters.resolve`.
    :param timezone: of the report: what the statement takes for today, and how times with a zone are shown.
    :param name: what the server's list of sessions shows, such as ``report 7 run 120``.
    :raises ReportError: `StatementError`, `TimeOutError` or `TooMuchError`: not worth trying again.
    :raises psycopg.OperationalError: the server is away; worth trying again.
    """
    return _run(statement, values, sinks, limits, timezone, name, connect, most_rows=None)


def preview(
    statement: CheckedStatement,
    values: Mapping[str, Value],
    *,
    rows: int = PREVIEW_ROWS,
    seconds: float = DESCRIBE_SECONDS,
    timezone: str = "UTC",
    name: str = "report preview",
    connect: Connect = report_connection,
) -> Preview:
    """The first rows. Raises as `run` does."""
    collected = _Rows()
    limits = Limits(seconds=seconds, rows=rows + 1, bytes=PREVIEW_BYTES)
    result = _run(statement, values, [collected], limits, timezone, name, connect, most_rows=rows + 1)
    return Preview(result.columns, collected.collected[:rows], result.row_count > rows, result.seconds)


class _Rows(RowSink):
    def __init__(self) -> None:
        self.collected: list[Row] = []

    def rows(self, rows: Iterable[Row]) -> None:
        self.collected += rows


def _run(
    statement: CheckedStatement,
    values: Mapping[str, Value],
    sinks: Sequence[Sink],
    limits: Limits,
    timezone: str,
    name: str,
    connect: Connect,
    most_rows: int | None,
) -> Result:
    started = time.monotonic()
    row_count = byte_count = 0
    digest = hashlib.sha256()
    with Session(connect(), seconds=limits.seconds, timezone=timezone, name=name) as session:
        columns = _columns(session, statement)
        for number, parameter in enumerate(statement.parameters, 1):
            value = values[parameter.name]
            if value is not None:
                session.set_parameter(number, _bound(value))
        digest.update(repr([column.name for column in columns]).encode())
        for sink in sinks:
            sink.begin(columns)
        before, text = _copy(statement.text, columns, most_rows)
        for lines, block in session.copy(text, lambda offset: _place(statement, offset - before)):
            row_count += lines
            byte_count += len(block)
            if row_count > limits.rows:
                raise TooMuchError(f"The report has more than {limits.rows:,} rows, its limit. {REMEDY}")
            if byte_count > limits.bytes:
                raise TooMuchError(f"The report has more than {limits.bytes:,} bytes, its limit. {REMEDY}")
            digest.update(block)
            for sink in sinks:
                sink.block(block)
    for sink in sinks:
        sink.end()
    seconds = time.monotonic() - started
    log.info("%s: %d rows, %d bytes in %.1f s", name, row_count, byte_count, seconds)
    return Result(row_count, byte_count, columns, digest.hexdigest(), seconds)


REMEDY = "Narrow it down (a shorter period, fewer columns, sums in place of single rows), or raise the limit"


def _columns(session: Session, statement: CheckedStatement) -> tuple[Column, ...]:
    return columns_of(session.describe(statement.text, lambda offset: _place(statement, offset)))


def _place(statement: CheckedStatement, offset: int) -> tuple[int, int] | None:
    return statement.place(offset) if 0 <= offset < len(statement.text) else None


def _copy(text: str, columns: Sequence[Column], most_rows: int | None) -> tuple[int, str]:
    """The command that brings the rows, and at which offset the statement stands in it.

    :param most_rows: of a preview; its texts are cut too, so that it stays small whatever they hold.
    """
    names = [f"c{number}" for number in range(1, len(columns) + 1)]
    quoted = [name for name, column in zip(names, columns, strict=True) if column.is_quoted]
    shown = []
    for name, column in zip(names, columns, strict=True):
        if column.kind == "boolean":
            # COPY would write t and f.
            shown.append(f"{name}::text")
        elif most_rows is not None and column.is_quoted:
            shown.append(f"left({name}::text, {PREVIEW_CHARACTERS}) AS {name}")
        else:
            shown.append(name)
    before = f"COPY (SELECT {', '.join(shown)} FROM (\n"  # noqa: S608 — running people's SQL is what this is for
    limit = "" if most_rows is None else f"LIMIT {most_rows}"
    options = f"FORMAT csv, FORCE_QUOTE ({', '.join(quoted)})" if quoted else "FORMAT csv"
    # The line's end ends a comment that the statement ends in.
    return len(before), f"{before}{text}\n) AS r ({', '.join(names)}) {limit}) TO STDOUT ({options})"


def _bound(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case list():
            # An array's literal.
            escaped = (_bound(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
            return "{" + ",".join(f'"{item}"' for item in escaped) + "}"
    return str(value)
