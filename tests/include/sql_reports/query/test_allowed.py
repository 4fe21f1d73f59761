"""The lists of `allowed`, held against Postgres' own catalogs."""

import psycopg
import pytest

from include.sql_reports.query.allowed import FUNCTIONS, OPERATORS, TYPES
from tests.conftest import Database


def test_every_function_on_the_list_is_there_and_has_no_side_effects(connection: psycopg.Connection) -> None:
    found = connection.execute(
        """
        SELECT proname, bool_or(provolatile = 'v'), bool_or(prosecdef OR prokind = 'p')
        FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY (%s)
        GROUP BY 1
        """,
        [sorted(FUNCTIONS)],
    ).fetchall()
    assert FUNCTIONS - {name for name, _, _ in found} == set()
    assert {name for name, is_volatile, _ in found if is_volatile} == {"random", "clock_timestamp"}
    assert [name for name, _, is_more_than_a_function in found if is_more_than_a_function] == []


def test_the_role_may_execute_every_function_on_the_list(database: Database) -> None:
    with database.connect("storekeeper_report") as connection:
        refused = connection.execute(
            """
            SELECT oid::regprocedure::text FROM pg_proc
            WHERE
                pronamespace = 'pg_catalog'::regnamespace AND proname = ANY (%s)
                AND NOT has_function_privilege(oid, 'EXECUTE')
            """,
            [sorted(FUNCTIONS)],
        ).fetchall()
    assert refused == []


def test_every_type_and_operator_on_the_lists_is_there(connection: psycopg.Connection) -> None:
    types = connection.execute("SELECT typname FROM pg_type WHERE typname = ANY (%s)", [sorted(TYPES)]).fetchall()
    assert {name for (name,) in types} == TYPES
    operators = connection.execute(
        "SELECT oprname FROM pg_operator WHERE oprname = ANY (%s)", [sorted(OPERATORS)]
    ).fetchall()
    assert {name for (name,) in operators} == {name for name in OPERATORS if "BETWEEN" not in name}


def test_no_operator_or_cast_hides_a_function_with_side_effects(connection: psycopg.Connection) -> None:
    hidden = connection.execute(
        """
        SELECT oprcode::text FROM pg_operator JOIN pg_proc ON pg_proc.oid = oprcode WHERE provolatile = 'v'
        UNION ALL
        SELECT castfunc::regproc::text FROM pg_cast JOIN pg_proc ON pg_proc.oid = castfunc WHERE provolatile = 'v'
        """
    ).fetchall()
    assert hidden == []


def test_what_is_not_of_a_schema_of_ours_begins_with_pg(connection: psycopg.Connection) -> None:
    """So that a name without a schema that does not begin so is none of Postgres' own relations."""
    others = connection.execute(
        """
        SELECT relname FROM pg_class
        WHERE
            relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v', 'm', 'f', 'p')
            AND NOT starts_with(relname, 'pg_')
        """
    ).fetchall()
    assert others == []


@pytest.mark.parametrize("role", ["storekeeper_report", "storekeeper_listener"])
def test_only_the_role_of_reports_lacks_what_has_side_effects(database: Database, role: str) -> None:
    with database.connect(role) as connection:
        may = connection.execute(
            "SELECT name, has_function_privilege(name, 'EXECUTE') FROM unnest(%s::text[]) AS name",
            [["pg_notify(text, text)", "pg_sleep(double precision)", "pg_advisory_lock(bigint)", "lo_create(oid)"]],
        ).fetchall()
    assert {is_allowed for _, is_allowed in may} == {role != "storekeeper_report"}


def test_columns_that_call_functions_reach_none_with_side_effects(database: Database) -> None:
    """``row.name`` calls the function of that name that takes the row: the guard cannot tell it from a column."""
    with database.connect("storekeeper_report") as connection:
        reachable = connection.execute(
            """
            SELECT oid::regprocedure::text FROM pg_proc
            WHERE
                provolatile = 'v' AND has_function_privilege(oid, 'EXECUTE')
                AND pronamespace = 'pg_catalog'::regnamespace
                AND pronargs - pronargdefaults <= 1 AND proargtypes[0]::regtype::text ~ '^(any|record)'
                -- Take no row, or have no side effects.
                AND proname NOT IN ('array_sample', 'array_shuffle')
            """
        ).fetchall()
    assert reachable == []
