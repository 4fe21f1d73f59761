"""Making a report: its statement is run once, and its rows go into every file and past every rule as they come."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

from include.config import load_chain
from include.report_runs import Run
from include.sql_reports.definitions.store import Report
from include.sql_reports.making.checking import Breach, Checking
from include.sql_reports.making.files import Writer
from include.sql_reports.making.parts import PartsSink, Piece
from include.sql_reports.making.places import recipients_by_location
from include.sql_reports.making.request import Request
from include.sql_reports.query.columns import Column
from include.sql_reports.query.guard import check
from include.sql_reports.query.parameters import Value
from include.sql_reports.query.running import Limits, Result
from include.sql_reports.query.running import run as run_statement
from include.sql_reports.query.sinks import Row, RowSink, Sink


class NoRowsError(Exception):
    """The report has no rows and is to be skipped then: there are no files."""


@dataclass(frozen=True)
class Made:
    """:param pieces: the whole report, then each location's part of it.
    :param recipients: of each location that may have a part.
    :param other_names: locations with rows whose people nobody knows.
    """

    result: Result
    breaches: Sequence[Breach]
    pieces: Sequence[Piece]
    values: Mapping[str, Value]
    at: datetime
    recipients: Mapping[str, Sequence[str]]
    other_names: Sequence[str] = ()


def make(run: Run, report: Report, request: Request, values: Mapping[str, Value], at: datetime) -> Made:
    """:param at: when the run was due.
    :raises RejectedError: the statement may not be run.
    :raises ReportError: it did not bring its rows, and would not another time.
    :raises NoRowsError: there are none, and the report is to be skipped then.
    """
    definition = report.definition
    statement = check(definition.sql, definition.parameters)
    has_parts = definition.location_column is not None and request.recipients is None
    recipients = recipients_by_location(load_chain()) if has_parts else {}
    checking = Checking(definition.rules, at, definition.timezone)
    with ExitStack() as stack:
        stack.callback(checking.close)
        writer = Writer(run.run_id, definition, request.formats, at, stack)
        whole = writer.open()
        sinks: list[Sink] = [*whole.sinks]
        if checking.needs_rows:
            sinks.append(_Checked(checking))
        parts = None
        if has_parts and definition.location_column:
            parts = PartsSink(definition.location_column, recipients, writer.open)
            sinks.append(parts)
        result = run_statement(
            statement,
            values,
            sinks,
            limits=Limits(seconds=definition.timeout_seconds, rows=definition.row_limit),
            timezone=definition.timezone,
            name=f"report {report.report_id} run {run.run_id}",
        )
        if result.row_count == 0 and definition.is_skipped_if_empty:
            raise NoRowsError
        whole.row_count = result.row_count
        breaches = checking.breaches(result.row_count)
    other_names = sorted(parts.other_names) if parts else ()
    return Made(result, breaches, writer.pieces, values, at, recipients, other_names)


class _Checked(RowSink):
    """Shows every row to the rules."""

    def __init__(self, checking: Checking) -> None:
        self._checking = checking

    def begin(self, columns: Sequence[Column]) -> None:
        super().begin(columns)
        self._checking.begin([column.name for column in columns])

    def rows(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._checking.row(row)
