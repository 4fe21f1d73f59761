import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from include.calls.watch import look
from include.config import Chain
from tests.conftest import Database
from tests.include.calls.conftest import Look, Mails
from tests.include.calls.phone import CHICAGO, MANHATTAN_CATERING, Phone

# 18:00 in Manhattan, on a Saturday.
EVENING = datetime(2026, 11, 21, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def ring(phone: Phone, count: int, first_at: datetime = EVENING, **facts: Any) -> datetime:
    """So many calls that nobody answered, a minute apart; returns when the last one ended."""
    for number in range(count):
        phone.rings(first_at + number * MINUTE, **facts)
    return first_at + (count - 1) * MINUTE


def unreported(connection: psycopg.Connection) -> int:
    [(count,)] = connection.execute(
        "SELECT count(*) FROM calls.call WHERE is_counted AND missed_alert_id IS NULL"
    ).fetchall()
    connection.commit()
    return int(count)


def test_the_call_that_reaches_the_threshold_makes_one_alert(phone: Phone, look_at: Look, mails: Mails) -> None:
    assert look_at(ring(phone, 4)).alerts == 0
    last_at = ring(phone, 1, EVENING + 4 * MINUTE)

    assert look_at(last_at).alerts == 1
    assert look_at(last_at).alerts == 0
    (mail,) = mails()
    assert mail["recipients"] == ["manhattan@example.com"]
    assert mail["subject"] == "Manhattan, Front desk: 5 missed calls since 17:59"


def test_calls_that_lie_further_apart_than_the_window_are_no_crowd(phone: Phone, look_at: Look) -> None:
    for number in range(8):
        phone.rings(EVENING + number * 15 * MINUTE)
    # The window holds four: an hour after the first, that one has left it.
    assert look_at(EVENING + 2 * HOUR).alerts == 0


def test_a_run_that_comes_late_tells_what_one_in_time_would_have_told(phone: Phone, look_at: Look) -> None:
    ring(phone, 5)
    assert look_at(EVENING + 5 * HOUR).alerts == 1


def test_calls_that_come_in_half_a_day_late_are_for_the_summary(phone: Phone, look_at: Look) -> None:
    ring(phone, 5)
    assert look_at(EVENING + 13 * HOUR).alerts == 0


def test_an_alert_tells_of_all_that_came_in_since_and_the_next_needs_as_many_again(
    phone: Phone, look_at: Look, mails: Mails, connection: psycopg.Connection
) -> None:
    assert look_at(ring(phone, 7)).alerts == 1
    assert unreported(connection) == 0

    assert look_at(ring(phone, 4, EVENING + 10 * MINUTE)).alerts == 0
    assert look_at(ring(phone, 1, EVENING + 20 * MINUTE)).alerts == 1
    assert [mail["subject"] for mail in mails()] == [
        "Manhattan, Front desk: 7 missed calls since 17:59",
        "Manhattan, Front desk: 5 missed calls since 18:09",
    ]


def test_each_department_counts_by_itself(phone: Phone, look_at: Look, mails: Mails) -> None:
    ring(phone, 4)
    ring(phone, 4, dialled_number=CHICAGO)
    assert look_at(ring(phone, 2, dialled_number=MANHATTAN_CATERING)).alerts == 1
    (mail,) = mails()
    assert mail["subject"].startswith("Manhattan, Catering: 2 missed calls")
    assert mail["recipients"] == ["manhattan@example.com", "catering@example.com"]


@pytest.mark.parametrize("outcome", ["ANSWERED", "UNKNOWN", "UNKNOWN_GAP"])
def test_what_was_not_missed_does_not_count(phone: Phone, look_at: Look, outcome: str) -> None:
    assert look_at(ring(phone, 9, outcome=outcome)).alerts == 0


def test_two_runs_at_once_alert_once(
    phone: Phone, database: Database, chain: Chain, mails: Mails, connection: psycopg.Connection
) -> None:
    ring(phone, 20)

    def run(_: int) -> int:
        with database.connect() as own:
            return look(own, chain, EVENING + 20 * MINUTE).alerts

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(8))) == len(mails())
    counts = [re.findall(r"(\d+) missed", mail["subject"]) for mail in mails()]
    told = sum(int(count) for (count,) in counts)
    assert told + unreported(connection) == 20
    assert unreported(connection) < 5
    assert connection.execute("SELECT DISTINCT state FROM inbox.call").fetchall() == [("handled",)]


def test_an_alert_that_is_not_committed_leaves_its_calls_untold(
    phone: Phone, database: Database, chain: Chain, look_at: Look, mails: Mails, connection: psycopg.Connection
) -> None:
    """A run that is killed between writing its alert and committing it."""
    ring(phone, 5)
    with database.connect("storekeeper_owner") as owner:
        owner.execute(
            """
            CREATE FUNCTION outbox.die() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$;
            ALTER FUNCTION outbox.die() OWNER TO storekeeper_owner;
            CREATE TRIGGER die BEFORE INSERT ON outbox.message FOR EACH ROW EXECUTE FUNCTION outbox.die();
            """
        )
    with pytest.raises(psycopg.OperationalError), database.connect() as killed:
        look(killed, chain, EVENING + 5 * MINUTE)
    assert mails() == []
    with database.connect("storekeeper_owner") as owner:
        owner.execute("DROP TRIGGER die ON outbox.message")

    assert unreported(connection) == 5
    assert look_at(EVENING + 5 * MINUTE).alerts == 1
    assert len(mails()) == 1


def test_phones_that_cannot_be_reached_are_its_matter_too(phone: Phone, look_at: Look, mails: Mails) -> None:
    last_at = ring(phone, 2, outcome="PHONES_UNREACHABLE", wait=1, caller_number="+16465550199")
    assert look_at(last_at).alerts == 1
    (mail,) = mails()
    assert mail["recipients"] == ["it@example.com"]
    assert mail["subject"] == "Manhattan, Front desk: phones unreachable, 2 calls never rang"
    assert "1763733600.0" in mail["text"]
    assert "6465550199" not in mail["text"] + mail["html"]


def test_calls_that_it_knows_of_still_count_for_the_department(phone: Phone, look_at: Look, mails: Mails) -> None:
    look_at(ring(phone, 2, outcome="PHONES_UNREACHABLE"))
    assert look_at(ring(phone, 3, EVENING + 2 * MINUTE)).alerts == 1
    assert "5 missed calls" in mails()[-1]["subject"]


def test_one_dead_telephone_makes_one_mail_in_a_quarter_of_an_hour(phone: Phone, look_at: Look, mails: Mails) -> None:
    look_at(ring(phone, 2, outcome="PHONES_UNREACHABLE"))
    ring(phone, 2, EVENING + 2 * MINUTE, outcome="PHONES_UNREACHABLE")
    assert look_at(EVENING + 4 * MINUTE).alerts == 0
    # The next sweep after the quiet minutes tells of what came in meanwhile.
    assert look_at(EVENING + 17 * MINUTE).alerts == 1
    assert [mail["subject"].split(", ")[-1] for mail in mails()] == ["2 calls never rang", "2 calls never rang"]


def test_a_call_whose_outcome_the_shop_ignores_still_reaches_it(phone: Phone, look_at: Look, chain: Chain) -> None:
    ignoring = chain.phones.model_copy(
        update={"defaults": chain.phones.defaults.model_copy(update={"counted_outcomes": ("RANG_OUT",)})}
    )
    last_at = ring(phone, 5, outcome="PHONES_UNREACHABLE")
    assert look_at(last_at, chain.model_copy(update={"phones": ignoring})).alerts == 1


def test_a_row_that_cannot_be_placed_stops_no_other(
    phone: Phone, look_at: Look, connection: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    # The zero time of some programs; west of Greenwich it lies before all calendars.
    phone.rings(EVENING, started_at=datetime(1, 1, 1, tzinfo=UTC), caller_number="+16465550177")
    outcome = look_at(ring(phone, 5))
    assert (outcome.placed, outcome.put_back, outcome.alerts) == (5, 1, 1)
    for _ in range(4):
        connection.execute("UPDATE inbox.call SET next_attempt_at = now() WHERE state <> 'handled'")
        connection.commit()
        outcome = look_at(EVENING)
    assert outcome.dead == 1
    rows = connection.execute("SELECT subject FROM outbox.message WHERE 'operations@example.com' = ANY(recipients)")
    assert rows.fetchall() == [("1 row of inbox.call could not be worked on",)]
    assert "OverflowError" in caplog.text
    assert "6465550177" not in caplog.text


def test_what_a_database_repeats_of_a_row_is_not_logged(
    phone: Phone, database: Database, look_at: Look, caplog: pytest.LogCaptureFixture, connection: psycopg.Connection
) -> None:
    with database.connect("storekeeper_owner") as owner:
        owner.execute("ALTER TABLE calls.call ADD CHECK (dialled_number <> '+12125550101')")
    phone.rings(EVENING, caller_number="+16465550177", caller_name="Ana Rossi")
    assert look_at(EVENING).put_back == 1
    assert "violates check constraint" in caplog.text
    [(last_error,)] = connection.execute("SELECT last_error FROM inbox.call").fetchall()
    for text in (caplog.text, last_error):
        assert "6465550177" not in text
        assert "Ana" not in text


def test_numbers_are_the_same_however_they_are_written(phone: Phone, look_at: Look) -> None:
    assert look_at(ring(phone, 5, dialled_number="1 (212) 555-0101")).alerts == 1
