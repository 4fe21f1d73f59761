import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from include.inbox.claims import CALLS, LEASE, MOST_ATTEMPTS, LapsedError, Row, UnavailableError, claim, work
from tests.conftest import Database
from tests.include.inbox.conftest import Put


def keys(rows: Sequence[Row]) -> list[int]:
    return [row["call_key"] for row in rows]


def nothing(connection: psycopg.Connection, rows: Sequence[Row]) -> None:
    """A handler that has no work to do."""


class PoisonedError(Exception):
    """What a handler raises of a row that it cannot work on."""


def poisoned_by(*poison: int) -> Callable[[psycopg.Connection, Sequence[Row]], None]:
    def handle(_: psycopg.Connection, rows: Sequence[Row]) -> None:
        if bad := [row for row in rows if row["call_key"] in poison]:
            raise PoisonedError(f"row {bad[0]['call_key']} is bad\nDETAIL: its caller is {bad[0]['caller_number']}")

    return handle


def states(connection: psycopg.Connection) -> dict[int, tuple[str, int]]:
    with connection.transaction():
        rows = connection.execute("SELECT call_key, state, attempt_count FROM inbox.call").fetchall()
    return {key: (state, count) for key, state, count in rows}


def make_due(connection: psycopg.Connection) -> None:
    """What the clock does: leases lapse, and what was put back is due."""
    with connection.transaction():
        connection.execute("UPDATE inbox.call SET next_attempt_at = now() WHERE state IN ('new', 'claimed')")


def test_workers_at_once_handle_each_row_once(database: Database, put: Put, connection: psycopg.Connection) -> None:
    expected = put(300)
    handled: Counter[int] = Counter()

    def run(_: int) -> int:
        def handle(_: psycopg.Connection, rows: Sequence[Row]) -> None:
            handled.update(keys(rows))

        with database.connect() as own:
            return work(own, CALLS, handle, batch=7).handled

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(run, range(6))) == 300
    assert handled == dict.fromkeys(expected, 1)
    assert set(states(connection).values()) == {("handled", 1)}


def test_rows_come_in_their_order(put: Put, connection: psycopg.Connection) -> None:
    expected = put(20)
    batches: list[list[int]] = []
    work(connection, CALLS, lambda _, rows: batches.append(keys(rows)), batch=8)
    assert batches == [expected[:8], expected[8:16], expected[16:]]


def test_what_a_handler_writes_and_the_mark_are_one_transaction(
    put: Put, connection: psycopg.Connection, database: Database
) -> None:
    put(1)

    def handle(own: psycopg.Connection, rows: Sequence[Row]) -> None:
        own.execute("UPDATE inbox.call SET caller_name = 'Ana' WHERE call_key = %s", keys(rows))
        with database.connect() as other:
            assert other.execute("SELECT state, caller_name FROM inbox.call").fetchall() == [("claimed", None)]

    work(connection, CALLS, handle)
    assert connection.execute("SELECT state, caller_name FROM inbox.call").fetchall() == [("handled", "Ana")]


def test_a_claim_lapses(put: Put, connection: psycopg.Connection) -> None:
    expected = put(3)
    assert keys(claim(connection, CALLS, 10)) == expected
    assert claim(connection, CALLS, 10) == []
    [(lapses_at, now)] = connection.execute("SELECT min(next_attempt_at), now() FROM inbox.call").fetchall()
    connection.commit()
    assert timedelta(seconds=30) < lapses_at - now <= LEASE <= timedelta(seconds=60)

    make_due(connection)
    # What was tried before comes alone: it may be what kills processes.
    assert [keys(claim(connection, CALLS, 10)) for _ in range(4)] == [[key] for key in expected] + [[]]


def test_fresh_rows_go_before_those_that_were_tried(put: Put, connection: psycopg.Connection) -> None:
    tried = put(1)
    claim(connection, CALLS, 10)
    make_due(connection)
    fresh = put(2)[1:]
    assert keys(claim(connection, CALLS, 10)) == fresh
    assert keys(claim(connection, CALLS, 10)) == tried


def test_who_was_too_slow_marks_nothing(put: Put, connection: psycopg.Connection, database: Database) -> None:
    put(1)

    def handle(own: psycopg.Connection, rows: Sequence[Row]) -> None:
        with database.connect() as other:
            make_due(other)
            assert keys(claim(other, CALLS, 1)) == keys(rows)
        own.execute("SELECT")

    with pytest.raises(LapsedError, match=r"1 of 1 rows of inbox\.call took longer than"):
        work(connection, CALLS, handle)
    assert [state for state, _ in states(connection).values()] == ["claimed"]


def test_a_poison_row_takes_no_other_with_it(
    put: Put, connection: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    expected = put(50)
    poison = expected[20]
    tally = work(connection, CALLS, poisoned_by(poison))
    assert (tally.handled, tally.put_back, tally.dead) == (49, 1, 0)
    assert states(connection)[poison] == ("new", 1)
    row = connection.execute("SELECT last_error FROM inbox.call WHERE call_key = %s", [poison]).fetchone()
    connection.commit()
    assert row == (f"PoisonedError: row {poison} is bad",)
    # The log says where it failed, and not who called.
    assert "test_claims.py" in caplog.text
    assert "6465550100" not in caplog.text


def test_a_row_is_dead_after_five_tries_at_growing_distances(put: Put, connection: psycopg.Connection) -> None:
    (poison,) = put(1)
    waits = []
    for _ in range(MOST_ATTEMPTS):
        tally = work(connection, CALLS, poisoned_by(poison))
        [(wait,)] = connection.execute("SELECT next_attempt_at - now() FROM inbox.call").fetchall()
        connection.commit()
        waits.append(round(wait.total_seconds(), -1))
        make_due(connection)
    assert (tally.put_back, tally.dead) == (0, 1)
    assert states(connection)[poison] == ("dead", 5)
    assert waits[:4] == [10, 30, 90, 270]
    assert work(connection, CALLS, nothing).handled == 0


def test_a_row_whose_process_always_dies_is_given_up(put: Put, connection: psycopg.Connection) -> None:
    put(1)
    for _ in range(MOST_ATTEMPTS):
        assert len(claim(connection, CALLS, 1)) == 1
        make_due(connection)
    assert work(connection, CALLS, nothing).dead == 1
    [(error,)] = connection.execute("SELECT last_error FROM inbox.call").fetchall()
    assert error == "the process that worked on it died"


def test_what_is_away_costs_no_row_an_attempt(put: Put, connection: psycopg.Connection) -> None:
    put(3)

    def handle(_: psycopg.Connection, rows: Sequence[Row]) -> None:
        raise UnavailableError(f"{len(rows)} rows, but Square is away")

    with pytest.raises(UnavailableError, match="Square is away"):
        work(connection, CALLS, handle)
    assert set(states(connection).values()) == {("new", 0)}
    # They wait, so that the doorbell does not ring at once again.
    assert claim(connection, CALLS, 10) == []
    make_due(connection)
    assert work(connection, CALLS, nothing).handled == 3


def test_a_database_that_goes_away_is_no_fault_of_the_rows(
    put: Put, database: Database, connection: psycopg.Connection
) -> None:
    put(2)

    def handle(own: psycopg.Connection, _: Sequence[Row]) -> None:
        own.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(psycopg.OperationalError), database.connect() as killed:
        work(killed, CALLS, handle)
    assert set(states(connection).values()) == {("claimed", 1)}
    make_due(connection)
    assert work(connection, CALLS, nothing).handled == 2


def test_a_value_too_long_for_an_index_is_the_rows_fault(
    put: Put, database: Database, connection: psycopg.Connection
) -> None:
    with database.connect("storekeeper_owner") as owner:
        owner.execute("CREATE TABLE inbox.copy (text text UNIQUE); GRANT INSERT ON inbox.copy TO storekeeper_app")
    put(1, caller_number="1")
    put(1, caller_number="".join(str(time.perf_counter_ns() % 10**9) for _ in range(3000)))

    def handle(own: psycopg.Connection, rows: Sequence[Row]) -> None:
        own.cursor().executemany("INSERT INTO inbox.copy VALUES (%s)", [[row["caller_number"]] for row in rows])

    tally = work(connection, CALLS, handle)
    assert (tally.handled, tally.put_back) == (1, 1)


def test_a_time_before_all_calendars_stops_no_other(put: Put, connection: psycopg.Connection) -> None:
    """The zero time of some programs: west of Greenwich it lies in the year before the first."""
    put(1, started_at=datetime(1, 1, 1, tzinfo=UTC))
    put(1)
    connection.execute("SET timezone TO 'America/New_York'")
    connection.commit()
    assert work(connection, CALLS, nothing).handled == 2
