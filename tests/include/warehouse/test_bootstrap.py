"""What bootstrap leaves of the rights of the role that runs people's SQL."""

import psycopg
import pytest

from include.warehouse.bootstrap import bootstrap
from stack.postgres import SUPERUSER, EmbeddedPostgres
from tests.conftest import TEMPLATE, Database

RIGHTS = """
    SELECT 'function', oid::regprocedure::text, proacl::text FROM pg_proc WHERE proacl IS NOT NULL
    UNION ALL SELECT 'language', lanname, lanacl::text FROM pg_language
    UNION ALL SELECT 'schema', nspname, nspacl::text FROM pg_namespace
    UNION ALL SELECT 'database', datname, datacl::text FROM pg_database WHERE datname = 'storekeeper'
    UNION ALL SELECT 'role', rolname, rolconfig::text || rolconnlimit FROM pg_roles
"""


def test_a_second_time_changes_nothing(postgres: EmbeddedPostgres) -> None:
    def rights() -> set[tuple[str, ...]]:
        with psycopg.connect(postgres.url(TEMPLATE, SUPERUSER)) as connection:
            return set(connection.execute(RIGHTS).fetchall())

    before = rights()
    bootstrap(postgres.url("postgres", SUPERUSER), {}, {TEMPLATE: "storekeeper_owner"})
    assert rights() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("search_path", "reporting"),
        ("default_transaction_read_only", "on"),
        ("statement_timeout", "61min"),
        ("idle_in_transaction_session_timeout", "1min"),
        ("temp_file_limit", "10GB"),
    ],
)
def test_every_session_of_reports_begins_within_limits(database: Database, name: str, value: str) -> None:
    with database.connect("storekeeper_report") as connection:
        assert connection.execute(f"SHOW {name}".encode()).fetchone() == (value,)


def test_a_parameters_value_lasts_as_long_as_its_transaction(database: Database) -> None:
    with database.connect("storekeeper_report") as connection:
        connection.execute("SELECT report_session.set_parameter(1, 'a')")
        assert connection.execute("SELECT current_setting('report.p1', true)").fetchone() == ("a",)
        connection.rollback()
        assert connection.execute("SELECT current_setting('report.p1', true)").fetchone() == ("",)


@pytest.mark.parametrize("role", ["storekeeper_app", "storekeeper_listener", "storekeeper_reader"])
def test_a_parameter_is_set_by_nobody_else(database: Database, role: str) -> None:
    with database.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT report_session.set_parameter(1, 'a')")


def test_functions_with_side_effects_are_those_of_all_other_roles(database: Database) -> None:
    """So that a function that a new Postgres brings is noticed here, not by who wants to use it."""
    with database.connect(SUPERUSER) as connection:
        odd = connection.execute(
            """
            SELECT role, oid::regprocedure::text
            FROM pg_proc, unnest(ARRAY['app', 'listener', 'reader', 'owner']) AS role
            WHERE
                pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provolatile = 'v'
                AND proacl::text LIKE '%storekeeper_app=X%'
                AND (
                    NOT has_function_privilege('storekeeper_' || role, oid, 'EXECUTE')
                    OR has_function_privilege('storekeeper_report', oid, 'EXECUTE')
                )
            """
        ).fetchall()
        kept = connection.execute(
            """
            SELECT DISTINCT proname FROM pg_proc
            WHERE
                pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provolatile = 'v'
                AND has_function_privilege('storekeeper_report', oid, 'EXECUTE')
            """
        ).fetchall()
    assert odd == []
    assert {name for (name,) in kept} == {
        *(
            "array_sample",
            "array_shuffle",
            "clock_timestamp",
            "gen_random_uuid",
            "random",
            "random_normal",
            "timeofday",
        ),
        *("uuidv4", "uuidv7"),
    }
