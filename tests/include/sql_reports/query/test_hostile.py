"""What the guard is for, with the guard on and without it: the role alone must hold."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from include.sql_reports.query.errors import ReportError
from include.sql_reports.query.guard import CheckedStatement, RejectedError, check
from include.sql_reports.query.running import Limits, run
from include.sql_reports.query.sinks import CsvSink
from include.sql_reports.query.statement import read_statement
from stack.postgres import SUPERUSER, EmbeddedPostgres
from tests.conftest import Database, Databases
from tests.include.sql_reports.query.hostile import CATALOGS, GREEDY, STATEMENTS

WITHOUT_GUARD = [
    statement
    for statement in chain(*STATEMENTS.values())
    if statement not in GREEDY
    # A role's defaults are its own. COPY runs no such statement, and a run's session begins with its own settings.
    and not statement.startswith("ALTER ROLE storekeeper_report SET")
]
SECRET = "jXw93-not-for-reports"
CHANNEL = "hostile"


@dataclass(frozen=True)
class Scene:
    """A database with something to steal, and files to steal or to write."""

    database: Database
    secret: Path
    target: Path

    def statement(self, statement: str) -> str:
        for name, value in {"{secret}": self.secret, "{target}": self.target, "{marker}": CHANNEL}.items():
            statement = statement.replace(name, str(value))
        return statement


@pytest.fixture(scope="module")
def scene(postgres: EmbeddedPostgres, databases: Databases) -> Iterator[Scene]:
    with databases.one() as database:
        # Where the server's own user may read and write.
        secret, target = (postgres.data.parent / "socket" / name for name in ("secret", "target"))
        secret.write_text(SECRET)
        secret.chmod(0o644)
        with database.connect("storekeeper_owner") as connection:
            # As bootstrap has it; a copy of a database does not inherit that.
            revoke = sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM public")
            connection.execute(revoke.format(sql.Identifier(database.name)))
            connection.execute(
                """
                INSERT INTO silver.customers
                    (customer_id, version, given_name, email_address, created_at, valid_from_at)
                VALUES ('secret', 1, %(secret)s, %(secret)s, now(), now())
                """,
                {"secret": SECRET},
            )
            connection.execute("CREATE TABLE reports.secret AS SELECT %s::text AS secret", [SECRET])
        yield Scene(database, secret, target)


@pytest.fixture
def scene_unharmed(scene: Scene) -> Iterator[Scene]:
    """Whatever the test does: nothing is written, and nobody hears anything."""
    with psycopg.connect(scene.database.url(SUPERUSER), autocommit=True) as watcher:
        watcher.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        before = everything(watcher)
        yield scene
        assert everything(watcher) == before
        assert list(watcher.notifies(timeout=0.05)) == []
    assert not scene.target.exists()


def everything(connection: psycopg.Connection) -> set[tuple[object, ...]]:
    """Every table's rows as a digest, every sequence, and what there is in the catalogs."""
    tables = connection.execute(
        """
        SELECT oid::regclass::text FROM pg_class
        WHERE
            relkind IN ('r', 'm', 'S') AND relnamespace <> 'information_schema'::regnamespace
            AND relnamespace <> 'pg_toast'::regnamespace
            AND (relnamespace <> 'pg_catalog'::regnamespace OR oid = ANY (ARRAY[
                'pg_class', 'pg_proc', 'pg_namespace', 'pg_authid', 'pg_auth_members', 'pg_description',
                'pg_db_role_setting', 'pg_type', 'pg_extension', 'pg_largeobject_metadata', 'pg_replication_slots',
                'pg_collation', 'pg_rewrite', 'pg_default_acl'
            ]::regclass[]))
        ORDER BY 1
        """
    ).fetchall()
    digest = "SELECT {}, md5(string_agg(md5(t::text), '' ORDER BY t::text COLLATE \"C\")) FROM (SELECT {} FROM {}) AS t"
    # Of relations, what autovacuum does not change.
    columns = {"pg_class": "oid, relname, relnamespace, relkind, relacl, relowner"}
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL(digest).format(sql.Literal(name), sql.SQL(columns.get(name, "*")), sql.Identifier(*name.split(".")))
        for (name,) in tables
    )
    files = connection.execute("SELECT name FROM pg_ls_dir('pg_snapshots') AS name").fetchall()
    return {*connection.execute(query).fetchall(), *files}


def test_whoever_may_is_noticed(scene: Scene) -> None:
    """So that silence means something."""
    with psycopg.connect(scene.database.url(SUPERUSER), autocommit=True) as watcher:
        watcher.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        before = everything(watcher)
        with scene.database.connect() as connection:
            connection.execute("SELECT pg_notify(%s, 'me')", [CHANNEL])
            connection.execute("UPDATE silver.customers SET version = version + 1")
        assert {table for table, _ in everything(watcher) - before} == {"silver.customers"}
        assert [notify.payload for notify in watcher.notifies(timeout=1, stop_after=1)] == ["me"]


@pytest.mark.parametrize("kind", STATEMENTS)
def test_the_guard_rejects_and_says_where(kind: str) -> None:
    for statement in STATEMENTS[kind]:
        with pytest.raises(RejectedError) as rejected:
            check(statement)
        lines = statement.split("\n")
        for problem in rejected.value.problems:
            assert problem.message
            assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


def test_without_the_guard_nothing_is_written_heard_or_read(scene_unharmed: Scene) -> None:
    scene = scene_unharmed
    ran = []
    for statement in map(scene.statement, WITHOUT_GUARD):
        with suppress(RejectedError):
            unguarded = CheckedStatement(**vars(read_statement(statement, [])))
            out = BytesIO()
            with suppress(ReportError, psycopg.Error):
                run(
                    unguarded,
                    {},
                    [CsvSink(out)],
                    limits=Limits(seconds=1, rows=10_000, bytes=1_000_000),
                    connect=partial(scene.database.connect, "storekeeper_report"),
                )
                ran.append(statement)
            assert SECRET.encode() not in out.getvalue(), statement
    # What it may call besides sets a report's own parameter.
    assert set(ran) - set(CATALOGS) == {"SELECT report_session.set_parameter(1, 'mine')"}


def test_the_role_alone_holds_even_where_it_may_commit(scene_unharmed: Scene) -> None:
    scene = scene_unharmed
    shown = ""
    for statement in map(scene.statement, WITHOUT_GUARD):
        with suppress(UnicodeError, psycopg.Error), scene.database.connect("storekeeper_report") as connection:
            connection.execute("SET statement_timeout = '1s'")
            connection.execute("SET default_transaction_read_only = off")
            connection.commit()
            result = connection.execute(statement.encode())
            if result.description:
                shown += str(result.fetchall())
    assert SECRET not in shown
