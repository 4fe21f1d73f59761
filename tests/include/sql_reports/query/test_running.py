import csv
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO, StringIO
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.outputs.formulas import harden
from include.sql_reports.query import running
from include.sql_reports.query.columns import Column
from include.sql_reports.query.errors import StatementError, TimeOutError, TooMuchError
from include.sql_reports.query.guard import check
from include.sql_reports.query.parameters import Parameter, ParameterType, Value
from include.sql_reports.query.running import Limits, Preview, Result, describe, preview
from include.sql_reports.query.sinks import CsvSink, JsonSink, Row, RowSink, Sink
from stack.postgres import SUPERUSER
from tests.conftest import Database, Databases
from tests.include.sql_reports.query.harmless import HARMLESS

ENDLESS = "SELECT count(*) FROM generate_series(1, 1000000) AS a, generate_series(1, 1000000) AS b"


class Kept(RowSink):
    def __init__(self) -> None:
        self.kept: list[Row] = []

    def rows(self, rows: Iterable[Row]) -> None:
        self.kept += rows


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Database]:
    """Nothing here writes: one for all."""
    with databases.one() as database:
        yield database


@pytest.fixture(scope="module")
def connect(database: Database) -> Callable[[], psycopg.Connection]:
    return partial(database.connect, "storekeeper_report")


@pytest.fixture(scope="module")
def run(connect: Callable[[], psycopg.Connection]) -> Callable[..., Result]:
    def run(
        sql: str,
        sinks: Sequence[Sink] = (),
        values: dict[str, Value] | None = None,
        parameters: Sequence[Parameter] = (),
        **settings: Any,
    ) -> Result:
        return running.run(check(sql, parameters), values or {}, sinks, connect=connect, **settings)

    return run


Run = Callable[..., Result]


def sessions(database: Database) -> list[tuple[str, str]]:
    """Statements of reports that the server works on."""
    with database.connect(SUPERUSER) as connection:
        return connection.execute(
            """
            SELECT application_name, state FROM pg_stat_activity
            WHERE usename = 'storekeeper_report' AND datname = current_database() AND state <> 'idle'
            """
        ).fetchall()


def wait_until_none_works(database: Database) -> None:
    deadline = time.monotonic() + 10
    while sessions(database):
        assert time.monotonic() < deadline, "the server still works on it"
        threading.Event().wait(0.05)


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_the_guard_lets_pass_postgres_understands(sql: str, connect: Callable[[], psycopg.Connection]) -> None:
    columns = describe(check(sql), connect=connect)
    assert len({column.name for column in columns}) == len(columns) > 0


def test_rows_come_typed(run: Run) -> None:
    kept = Kept()
    result = run(
        """
        SELECT 1 AS i, 12.50 AS d, 1.5::float8 AS f, true AS b, 'é "x", y' AS t, '' AS e, NULL::text AS n,
            NULL::int AS m,
            date '2026-11-21' AS day, timestamp '2026-11-21 06:00' AS at, timestamptz '2026-11-21 06:00+00' AS tz,
            time '06:00' AS c, '{"a": 1}'::jsonb AS j, '{a,b}'::text[] AS l, interval '1 day' AS s, E'a\nb' AS two
        """,
        [kept],
        timezone="America/New_York",
    )
    at = datetime(2026, 11, 21, 6)  # noqa: DTZ001 — a clock's time, of no zone
    assert kept.kept == [
        (
            *(
                1,
                Decimal("12.50"),
                1.5,
                True,
                'é "x", y',
                "",
                None,
                None,
                date(2026, 11, 21),
                at,
                at.replace(tzinfo=UTC),
            ),
            *(at.time(), '{"a": 1}', "{a,b}", "1 day", "a\nb"),
        )
    ]
    assert (result.row_count, len(result.columns)) == (1, 16)
    assert result.columns[:2] == (Column("i", "int4", "integer"), Column("d", "numeric", "decimal"))


def test_columns_get_names_of_their_own(run: Run) -> None:
    result = run(
        "SELECT 1 AS a, 2 AS a, 3, 4 AS \"a 2\", :p, 'x'::text", [], {"p": 5}, [Parameter(name="p", type="integer")]
    )
    assert [column.name for column in result.columns] == ["a", "a 2", "column 3", "a 2 2", "column 5", "text"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 'O\'Hara \\ "x" {a,b}; DROP TABLE x --'),
        ("integer", -5),
        ("decimal", Decimal("12345678901234567890.123456789")),
        ("decimal", Decimal("1E-20")),
        ("boolean", False),
        ("date", date(2026, 11, 21)),
        ("timestamp", datetime(2026, 11, 21, 6, 0, 0, 123456, tzinfo=UTC)),
        ("text_list", ["a", 'b "c" \\', "", "NULL", "{x,y}", " é ", "'"]),
        ("integer_list", [1, -2]),
        ("date_list", [date(2026, 1, 1)]),
        ("text_list", []),
        ("text", None),
        ("integer_list", None),
    ],
)
def test_a_value_arrives_as_it_was_given(run: Run, kind: ParameterType, value: Value) -> None:
    kept = Kept()
    sql = "SELECT unnest(:p) AS v" if isinstance(value, list) else "SELECT :p AS v"
    run(sql, [kept], {"p": value}, [Parameter(name="p", type=kind, is_required=False)])
    assert [cell for (cell,) in kept.kept] == (value if isinstance(value, list) else [value])


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT | st.none(), min_size=1, max_size=20))
def test_every_text_comes_back_in_every_format(run: Run, texts: list[str | None]) -> None:
    kept, as_json, as_csv = Kept(), BytesIO(), BytesIO()
    arrays = {
        "texts": [text or "" for text in texts],
        "nulls": [number for number, text in enumerate(texts, 1) if text is None],
    }
    run(
        "SELECT CASE WHEN n <> ALL (:nulls) THEN t END AS t FROM unnest(:texts) WITH ORDINALITY AS u (t, n) ORDER BY n",
        [kept, JsonSink(as_json), CsvSink(as_csv)],
        arrays,
        [Parameter(name="texts", type="text_list"), Parameter(name="nulls", type="integer_list")],
    )
    assert [cell for (cell,) in kept.kept] == texts
    assert [row["t"] for row in json.loads(as_json.getvalue())] == texts
    lines = list(csv.reader(StringIO(as_csv.getvalue().decode("utf-8-sig"), newline="")))[1:]
    # A line of one empty cell is an empty line to Python.
    assert [line[0] if line else "" for line in lines] == [harden(text or "") for text in texts]


def test_what_postgres_says_comes_with_its_place(run: Run) -> None:
    day = Parameter(name="day", type="date")
    with pytest.raises(StatementError) as error:
        run("SELECT 'é', :day,\n  missing FROM stock", [], {"day": date(2026, 1, 1)}, [day])
    assert (error.value.line, error.value.column) == (2, 3)
    assert error.value.message == 'Column "missing" does not exist'


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 1 / value FROM (VALUES (0)) AS v (value)", "Division by zero"),
        ("SELECT FROM stock", "The statement brings no columns"),
        ("SELECT * FROM stokc", 'line 1, column 15: Relation "stokc" does not exist'),
        ("SELECT sum(unit) FROM stock", "line 1, column 8: Function sum(text) does not exist. No function matches"),
        ("SELECT 1 + 'x'", 'line 1, column 12: Invalid input syntax for type integer: "x"'),
    ],
)
def test_what_is_wrong_is_told_without_our_own_words(run: Run, sql: str, message: str) -> None:
    with pytest.raises(StatementError) as error:
        run(sql)
    assert str(error.value).startswith(message)
    assert "report" not in str(error.value)


def test_a_statement_ends_when_its_time_is_over(run: Run, database: Database) -> None:
    with pytest.raises(TimeOutError, match=r"longer than 0.3 s"):
        run(ENDLESS, limits=Limits(seconds=0.3))
    wait_until_none_works(database)


def test_time_is_over_for_rows_that_come_too_slowly_for_the_sinks_too(run: Run, database: Database) -> None:
    class Slow(Kept):
        def block(self, _: bytes) -> None:
            threading.Event().wait(0.2)

    with pytest.raises(TimeOutError):
        run("SELECT generate_series(1, 100000000)", [Slow()], limits=Limits(seconds=0.3))
    wait_until_none_works(database)


def test_a_killed_worker_leaves_no_statement_running(database: Database) -> None:
    """Where its process ends without a word: the server looks now and then whether anybody waits."""
    with database.connect("storekeeper_report") as connection:
        assert connection.execute("SHOW client_connection_check_interval").fetchone() == ("2s",)
    options = "-c client_connection_check_interval=100ms"
    connection = psycopg.connect(database.url("storekeeper_report"), options=options)
    connection.pgconn.send_query(ENDLESS.encode())
    while "active" not in [state for _, state in sessions(database)]:
        threading.Event().wait(0.02)
    connection.pgconn.finish()
    wait_until_none_works(database)


@pytest.mark.parametrize(
    ("limits", "message"),
    [(Limits(rows=10), "more than 10 rows"), (Limits(bytes=1000), "more than 1,000 bytes")],
)
def test_too_much_is_told_with_what_to_do(run: Run, database: Database, limits: Limits, message: str) -> None:
    with pytest.raises(TooMuchError, match=message) as error:
        run("SELECT generate_series(1, 100000000)", limits=limits)
    assert "raise the limit" in str(error.value)
    wait_until_none_works(database)


def test_more_than_there_is_room_for_is_told(database: Database) -> None:
    def connect() -> psycopg.Connection:
        connection = database.connect(SUPERUSER)
        connection.execute("SET temp_file_limit = '1MB'")
        connection.execute("SET work_mem = '64kB'")
        connection.commit()
        return connection

    with pytest.raises(TooMuchError, match="Let it read less"):
        running.run(
            check("SELECT i FROM generate_series(1, 300000) AS i ORDER BY md5(i::text)"), {}, [], connect=connect
        )


def test_a_time_zone_that_is_none_leaves_no_session(run: Run, database: Database) -> None:
    with pytest.raises(psycopg.OperationalError):
        run("SELECT 1", timezone="Nowhere/Land")
    wait_until_none_works(database)


def test_as_many_rows_as_the_limit_are_not_too_many(run: Run) -> None:
    assert run("SELECT generate_series(1, 10)", limits=Limits(rows=10)).row_count == 10


def test_the_digest_tells_whether_anything_changed(run: Run) -> None:
    same = "SELECT i, i * 2 AS j FROM generate_series(1, 100) AS i"
    assert run(same).digest == run(f"{same} -- again").digest
    assert len({run(sql).digest for sql in (same, f"{same} WHERE i > 1", same.replace("AS j", "AS k"))}) == 3


def test_blocks_are_whole_lines_and_nothing_is_lost(run: Run) -> None:
    class Blocks:
        def __init__(self) -> None:
            self.digest, self.line_count, self.block_count = hashlib.sha256(), 0, 0

        def begin(self, _: Sequence[Column]) -> None: ...

        def block(self, block: bytes) -> None:
            assert block.endswith(b"\n")
            self.digest.update(block)
            self.line_count += block.count(b"\n")
            self.block_count += 1

        def end(self) -> None: ...

    blocks = Blocks()
    result = run("SELECT i, md5(i::text) AS t FROM generate_series(1, 50000) AS i", [blocks])
    expected = "".join(f'{i},"{hashlib.md5(str(i).encode()).hexdigest()}"\n' for i in range(1, 50_001))  # noqa: S324
    assert blocks.digest.digest() == hashlib.sha256(expected.encode()).digest()
    assert result.row_count == blocks.line_count == 50_000
    assert result.byte_count == len(expected)
    assert blocks.block_count > 5


def test_a_preview_has_the_first_rows_of_a_long_report_at_once(connect: Callable[[], psycopg.Connection]) -> None:
    def look(sql: str) -> Preview:
        return preview(check(sql), {}, rows=3, connect=connect)

    first = look("SELECT generate_series(1, 1000000000) AS i, 'x' || rpad('y', 999) || 'z' AS t")
    assert [row[0] for row in first.rows] == [1, 2, 3]
    assert first.is_cut
    assert {len(row[1]) for row in first.rows} == {1000}
    assert not look("SELECT generate_series(1, 3)").is_cut


def test_today_is_the_reports(run: Run) -> None:
    days = []
    for timezone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        kept = Kept()
        run("SELECT current_date", [kept], timezone=timezone)
        days.append(kept.kept[0][0])
    # 25 hours lie between them.
    assert days[0] > days[1]


def test_the_servers_list_shows_which_report_runs(run: Run, database: Database) -> None:
    shown: list[tuple[str, str]] = []

    class Looks(Kept):
        def begin(self, columns: Sequence[Column]) -> None:
            super().begin(columns)
            shown.extend(sessions(database))

    run("SELECT 1", [Looks()], name="report 7 run 120")
    assert shown == [("report 7 run 120", "idle in transaction")]


def test_no_value_of_a_parameter_is_logged(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    who = [Parameter(name="who", type="text")]
    run("SELECT count(*) AS n FROM stock WHERE location_name = :who", [], {"who": "anna@example.com"}, who)
    with pytest.raises(StatementError):
        run("SELECT 1 / 0 WHERE 'a' <> :who", [], {"who": "anna@example.com"}, who)
    assert "anna" not in caplog.text


def test_a_server_that_is_away_is_no_fault_of_the_statement() -> None:
    def connect() -> psycopg.Connection:
        return psycopg.connect("postgresql://127.0.0.1:1/storekeeper")

    with pytest.raises(psycopg.OperationalError):
        running.run(check("SELECT 1"), {}, [], connect=connect)


def test_a_session_that_somebody_ends_is_no_fault_of_the_statement(run: Run, database: Database) -> None:
    class Ends(Kept):
        def begin(self, _: Sequence[Column]) -> None:
            with database.connect(SUPERUSER) as connection:
                named = "FROM pg_stat_activity WHERE application_name = 'report to end'"
                connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {named}".encode())

    with pytest.raises(psycopg.OperationalError):
        run("SELECT 1", [Ends()], name="report to end")
