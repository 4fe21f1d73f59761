"""What the schema `reporting` holds, read from the database's own catalog: for people who write SQL."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class ColumnInfo:
    """:param type: as Postgres writes it, such as `date` or `numeric`."""

    name: str
    type: str
    comment: str


@dataclass(frozen=True)
class View:
    """:param comment: what it holds, and what one row is."""

    name: str
    comment: str
    columns: tuple[ColumnInfo, ...]


@dataclass(frozen=True)
class FunctionInfo:
    """:param arguments: names and types, as in `grain text, day date`."""

    name: str
    arguments: str
    result: str
    comment: str


_COLUMNS = """
    SELECT
        view.relname,
        coalesce(obj_description(view.oid, 'pg_class'), ''),
        attribute.attname,
        format_type(attribute.atttypid, attribute.atttypmod),
        coalesce(col_description(view.oid, attribute.attnum), '')
    FROM pg_class AS view
    JOIN pg_attribute AS attribute ON attribute.attrelid = view.oid AND attribute.attnum > 0
    WHERE view.relnamespace = 'reporting'::regnamespace AND view.relkind = 'v'
    ORDER BY view.relname, attribute.attnum
"""
_FUNCTIONS = """
    SELECT
        proname AS name,
        pg_get_function_arguments(oid) AS arguments,
        pg_get_function_result(oid) AS result,
        coalesce(obj_description(oid, 'pg_proc'), '') AS comment
    FROM pg_proc
    WHERE pronamespace = 'reporting'::regnamespace
    ORDER BY proname
"""


def read_schema(connection: psycopg.Connection) -> tuple[View, ...]:
    """The views by name, each with its columns in their order."""
    rows = connection.execute(_COLUMNS).fetchall()
    return tuple(
        View(name, comment, tuple(ColumnInfo(*row[2:]) for row in columns))
        for (name, comment), columns in groupby(rows, key=itemgetter(0, 1))
    )


def read_functions(connection: psycopg.Connection) -> tuple[FunctionInfo, ...]:
    """The functions by name."""
    with connection.cursor(row_factory=class_row(FunctionInfo)) as cursor:
        return tuple(cursor.execute(_FUNCTIONS).fetchall())
