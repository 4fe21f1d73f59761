import psycopg

from include.inbox.claims import CALLS
from include.inbox.dead_letters import MOST_LISTED, announce
from tests.include.inbox.conftest import Put

OPERATIONS = ["operations@example.com"]


def bury(connection: psycopg.Connection) -> None:
    connection.execute("UPDATE inbox.call SET state = 'dead', attempt_count = 5, last_error = 'ValueError: <no>'")


def mails(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    return connection.execute("SELECT subject, text_body, html_body FROM outbox.message ORDER BY created_at").fetchall()


def test_dead_rows_are_told_of_once(put: Put, connection: psycopg.Connection) -> None:
    (first, _) = put(2)
    assert announce(connection, CALLS, OPERATIONS) == 0
    bury(connection)
    assert announce(connection, CALLS, OPERATIONS) == 2
    assert announce(connection, CALLS, OPERATIONS) == 0
    ((subject, text, html),) = mails(connection)
    assert subject == "2 rows of inbox.call could not be worked on"
    assert f"call_key {first}" in text
    assert "tried 5 times: ValueError: <no>" in text
    assert "ValueError: &lt;no&gt;" in html
    assert "+16465550100" not in text + html


def test_what_died_since_is_told_of_by_itself(put: Put, connection: psycopg.Connection) -> None:
    put(1)
    bury(connection)
    announce(connection, CALLS, OPERATIONS)
    connection.commit()
    put(1)
    connection.execute("UPDATE inbox.call SET state = 'dead', last_error = 'late' WHERE state = 'new'")
    assert announce(connection, CALLS, OPERATIONS) == 1
    assert [subject for subject, _, _ in mails(connection)] == ["1 row of inbox.call could not be worked on"] * 2


def test_the_statement_of_the_mail_gives_a_row_back(put: Put, connection: psycopg.Connection) -> None:
    put(1)
    bury(connection)
    announce(connection, CALLS, OPERATIONS)
    ((_, text, _),) = mails(connection)
    connection.execute(text.split("When the cause is mended: ")[1].encode())
    assert connection.execute("SELECT state, attempt_count FROM inbox.call").fetchall() == [("new", 0)]
    bury(connection)
    assert announce(connection, CALLS, OPERATIONS) == 1


def test_a_long_list_is_cut(put: Put, connection: psycopg.Connection) -> None:
    put(MOST_LISTED + 3)
    bury(connection)
    announce(connection, CALLS, OPERATIONS)
    ((subject, text, _),) = mails(connection)
    assert subject.startswith("23 rows")
    assert "and 3 more" in text
