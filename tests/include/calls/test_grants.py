import psycopg
import pytest

from tests.conftest import Database


@pytest.mark.parametrize("column", [b"caller_number", b"caller_name", b"caller_digits", b"*"])
def test_readers_see_nobody_who_called(database: Database, column: bytes) -> None:
    with (
        database.connect("storekeeper_reader") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(b"SELECT " + column + b" FROM calls.call")


def test_readers_see_calls_and_alerts(database: Database) -> None:
    with database.connect("storekeeper_reader") as connection:
        connection.execute("SELECT location, outcome, wait_seconds, missed_alert_id FROM calls.call")
        connection.execute("SELECT * FROM calls.alert")


def test_the_listener_sees_none_of_it(database: Database) -> None:
    with (
        database.connect("storekeeper_listener") as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("SELECT FROM calls.alert")
