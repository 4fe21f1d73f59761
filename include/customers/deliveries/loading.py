"""Loads a file's rows into silver: the same statements on Postgres and, for files without a database, on DuckDB.

What is loaded for a delivery date replaces what was loaded for it before; the newest delivery that names a customer or
an order is current (``is_current``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, LiteralString, Protocol

from include.config.partner import Kind
from include.customers.intake import CustomerRow, Intake, OrderRow, Problem
from include.warehouse.statements import statements_in

statement = statements_in(Path(__file__).parent / "sql")
COLUMNS: Mapping[Kind, tuple[str, ...]] = {"customers": CustomerRow._fields, "orders": OrderRow._fields}
PROBLEM_COLUMNS = ("file_id", *Problem._fields)


class Engine(Protocol):
    """A database session that holds the tables ``silver.partner_customers``, ``silver.partner_orders``,
    ``partner.file_problem``. Statements have parameters as ``%(name)s``; not every one uses all."""

    def execute(self, statement: LiteralString, parameters: Mapping[str, Any]) -> None:
        """Without parameters it may be several statements."""

    def row(self, statement: LiteralString, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        """The one row of a query."""

    def append(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        """Adds rows, which may be a generator of millions; an error that it raises comes through."""


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What became of a file's rows: ``row_count = taken_count + rejected_count + repeated rows``.

    :param late_count: orders of days before the delivery date; None for customers.
    :param problem_counts: ``[{"column": …, "kind": …, "is_rejected": …, "count": …}]``, with those found while loading.
    """

    row_count: int
    taken_count: int
    rejected_count: int
    late_count: int | None
    problem_counts: list[dict[str, Any]]


def load(engine: Engine, intake: Intake, kind: Kind, *, delivery_date: date, file_id: int) -> Loaded:
    """Takes all rows of a file into silver, and the problems with them into ``partner.file_problem``.

    The caller's transaction holds it together.

    :raises QuarantineError: the file turned out to be broken; what was done is to be rolled back.
    """
    parameters = {"delivery_date": delivery_date, "file_id": file_id}
    engine.execute(statement(f"stage_{kind}"), {})
    engine.append(f"staged_{kind}", COLUMNS[kind], intake.rows())
    engine.append("partner.file_problem", PROBLEM_COLUMNS, ((file_id, *problem) for problem in intake.problems))
    engine.execute(_ANALYZE[kind], {})
    for step in steps(kind):
        engine.execute(step, parameters)
    repeated_count, early_count, late_count = engine.row(statement(f"count_{kind}"), parameters)
    engine.execute(statement(f"unstage_{kind}"), {})
    return Loaded(
        row_count=intake.row_count,
        taken_count=intake.taken_count - repeated_count,
        rejected_count=intake.rejected_count,
        late_count=late_count,
        problem_counts=[
            *intake.problem_counts,
            *_counted(_KEY[kind], "repeated row", repeated_count),
            *_counted("order_date_time", "after the day", early_count),
        ],
    )


def steps(kind: Kind) -> list[LiteralString]:
    """What is to be run, one after the other, when the rows are staged."""
    return [step for step in statement(f"load_{kind}").split(";\n") if step.strip()]


_KEY: Mapping[Kind, str] = {"customers": "customer_id", "orders": "order_id"}
_ANALYZE: Mapping[Kind, LiteralString] = {"customers": "ANALYZE staged_customers", "orders": "ANALYZE staged_orders"}


def _counted(column: str, kind: str, count: int) -> list[dict[str, Any]]:
    return [{"column": column, "kind": kind, "is_rejected": False, "count": count}] if count else []
