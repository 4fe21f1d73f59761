from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import psycopg
import pytest

from include.mail.delivery import FIRST_WAIT_SECONDS, Tally, deliver, wait_seconds
from include.mail.outbox import Attachment, enqueue
from include.mail.queue import MOST_ATTEMPTS, claim
from include.mail.smtp import SmtpServer
from tests.conftest import Database
from tests.sandbox_process import Sandbox, free_ports, running_sandbox

Put = Callable[..., UUID]
Received = Callable[[], list[EmailMessage]]


def state(connection: psycopg.Connection, message_id: UUID) -> tuple[str, int, str | None]:
    row = connection.execute(
        "SELECT state, attempt_count, last_error FROM outbox.message WHERE message_id = %s", [message_id]
    ).fetchone()
    connection.commit()
    assert row is not None
    return row


def make_due(connection: psycopg.Connection) -> None:
    """As if the waiting time had passed."""
    connection.execute("UPDATE outbox.message SET next_attempt_at = now() WHERE state IN ('new', 'claimed')")
    connection.commit()


def pause(connection: psycopg.Connection, message_id: UUID) -> timedelta:
    row = connection.execute(
        "SELECT next_attempt_at - now() FROM outbox.message WHERE message_id = %s", [message_id]
    ).fetchone()
    connection.commit()
    assert row is not None
    wait: timedelta = row[0]
    return wait


def test_a_message_arrives_whole(
    connection: psycopg.Connection, put: Put, server: SmtpServer, received: Received
) -> None:
    message_id = put(
        recipients=["ana@example.com", "bob@example.com"],
        subject="Sales of Thursday: 1.234 €",
        html="<p>Señor " + "x" * 2000 + "</p>",
        text="Señor\n.\nFrom the start\n",
        attachments=[
            Attachment("día.csv", "text/csv", "Ítem,1\r\n".encode()),
            Attachment("b", "application/pdf", b"\0\xff"),
        ],
    )

    assert deliver(connection, server) == Tally(sent=1)

    (mail,) = received()
    assert mail["Message-ID"] == f"<{message_id}@shop.example>"
    assert mail["From"] == "Storekeeper <reports@shop.example>"
    assert mail["To"] == "ana@example.com, bob@example.com"
    assert mail["Subject"] == "Sales of Thursday: 1.234 €"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().splitlines() == ["Señor", ".", "From the start"]
    assert html.get_content().startswith("<p>Señor xxx")
    files = {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}
    assert files == {"día.csv": "Ítem,1\r\n".encode(), "b": b"\0\xff"}
    assert state(connection, message_id) == ("sent", 1, None)


def test_all_that_is_due_goes_out_once(
    connection: psycopg.Connection, put: Put, server: SmtpServer, received: Received
) -> None:
    for number in range(25):
        put(str(number))

    assert deliver(connection, server).sent == 25
    assert deliver(connection, server) == Tally()
    assert len(received()) == 25


def test_the_same_decision_is_mailed_once(connection: psycopg.Connection, put: Put) -> None:
    put("report/2026-11-20")
    again = enqueue(
        connection, dedupe_key="report/2026-11-20", recipients=["a@b.example"], subject="", html="", text=""
    )
    assert again is None


@pytest.mark.parametrize("step", ["mail", "rcpt/", "data"])
def test_a_refusal_for_good_ends_it_after_one_attempt(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox, step: str
) -> None:
    message_id = put()
    sandbox.set_fault(method="SMTP", path=f"/smtp/{step}", status=550)

    assert deliver(connection, server) == Tally(dead=1)
    make_due(connection)
    assert deliver(connection, server) == Tally()

    found, attempts, error = state(connection, message_id)
    assert (found, attempts) == ("dead", 1)
    assert "550" in (error or "")


@pytest.mark.parametrize("step", ["mail", "rcpt/", "data"])
def test_a_refusal_for_now_is_tried_again_no_sooner_than_in_30_seconds(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox, received: Received, step: str
) -> None:
    message_id = put()
    sandbox.set_fault(method="SMTP", path=f"/smtp/{step}", status=451, times=1)

    assert deliver(connection, server) == Tally(put_off=1)
    assert pause(connection, message_id) > timedelta(seconds=29)
    assert deliver(connection, server) == Tally()
    make_due(connection)
    assert deliver(connection, server) == Tally(sent=1)

    assert state(connection, message_id)[:2] == ("sent", 2)
    assert len(received()) == 1


def test_it_gives_up_after_eight_attempts(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox
) -> None:
    message_id = put()
    sandbox.set_fault(method="SMTP", path="/smtp/data", status=452)

    for _ in range(MOST_ATTEMPTS + 2):
        deliver(connection, server)
        make_due(connection)

    found, attempts, error = state(connection, message_id)
    assert (found, attempts) == ("dead", 8)
    assert "after 8 attempts: 452" in (error or "")


def test_waits_grow_and_are_spread() -> None:
    for attempt in range(1, MOST_ATTEMPTS):
        waits = [wait_seconds(attempt) for _ in range(50)]
        shortest = FIRST_WAIT_SECONDS * 3 ** (attempt - 1)
        assert min(waits) >= shortest
        assert max(waits) < shortest * 1.5
        assert len(set(waits)) > 40


@pytest.mark.parametrize(
    ("key", "wish"),
    [
        ("a subject of two lines", {"subject": "Hello\r\nBcc: everybody@example.com"}),
        ("an address of two lines", {"recipients": ["a@example.com\r\nRCPT TO:<b@example.com>"]}),
        ("refused for good", {"recipients": ["poison@example.com"]}),
    ],
)
def test_a_poisonous_message_stops_no_other(
    connection: psycopg.Connection,
    put: Put,
    server: SmtpServer,
    sandbox: Sandbox,
    received: Received,
    key: str,
    wish: dict[str, Any],
) -> None:
    sandbox.set_fault(method="SMTP", path="/smtp/rcpt/poison@", status=554)
    poison = put(key, **wish)
    put("good")

    assert deliver(connection, server) == Tally(sent=1, dead=1)

    assert state(connection, poison)[0] == "dead"
    assert [mail["Subject"] for mail in received()] == ["Subject of good"]


def test_a_recipient_who_is_refused_is_noted_and_the_others_get_the_mail(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox, received: Received
) -> None:
    message_id = put(recipients=["ana@example.com", "gone@example.com"])
    sandbox.set_fault(method="SMTP", path="/smtp/rcpt/gone@", status=550)

    assert deliver(connection, server) == Tally(sent=1)

    found, _, error = state(connection, message_id)
    assert found == "sent"
    assert (error or "").startswith("1 of 2 recipients refused: 550")
    assert len(received()) == 1


def test_only_the_recipient_who_was_put_off_gets_another_attempt(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox
) -> None:
    put(recipients=["ana@example.com", "greylisted@example.com"])
    sandbox.set_fault(method="SMTP", path="/smtp/rcpt/greylisted@", status=450, times=1)

    assert deliver(connection, server) == Tally(put_off=1)
    make_due(connection)
    assert deliver(connection, server) == Tally(sent=1)

    mails = sandbox.request("GET", "/sandbox/mails").json()
    assert [mail["recipients"] for mail in reversed(mails)] == [["ana@example.com"], ["greylisted@example.com"]]
    assert len({mail["message_id"] for mail in mails}) == 1


def test_a_connection_lost_after_the_mail_repeats_it_with_the_same_message_id(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox, received: Received
) -> None:
    first, second = put("first"), put("second")
    sandbox.set_fault(method="SMTP", path="/smtp/data", lost_reply=True, times=1)

    assert deliver(connection, server) == Tally(sent=1, put_off=1)
    make_due(connection)
    assert deliver(connection, server) == Tally(sent=1)

    ids = [mail["Message-ID"].partition("@")[0].strip("<") for mail in received()]
    assert sorted(ids) == sorted([str(first), str(first), str(second)])


def test_a_server_that_is_away_costs_one_attempt_of_one_message(
    connection: psycopg.Connection, put: Put, server: SmtpServer, received: Received, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        put(str(number))
    (closed_port,) = free_ports(1)

    assert deliver(connection, replace(server, port=closed_port)) == Tally(put_off=1)
    assert "smtp_default" in caplog.text
    assert deliver(connection, server) == Tally(sent=2)
    assert len(received()) == 2


def test_a_claim_whose_process_died_is_taken_back_after_a_minute(
    connection: psycopg.Connection, put: Put, server: SmtpServer, received: Received
) -> None:
    message_id = put()
    assert claim(connection) is not None
    assert timedelta(seconds=55) < pause(connection, message_id) <= timedelta(seconds=60)
    assert deliver(connection, server) == Tally()

    make_due(connection)

    assert deliver(connection, server) == Tally(sent=1)
    assert len(received()) == 1


def test_a_message_that_kills_its_process_every_time_is_given_up(
    connection: psycopg.Connection, put: Put, server: SmtpServer
) -> None:
    message_id = put()
    for _ in range(MOST_ATTEMPTS):
        assert claim(connection) is not None
        make_due(connection)

    assert deliver(connection, server) == Tally(dead=1)
    assert state(connection, message_id)[0] == "dead"


def test_two_processes_never_claim_the_same_message(
    database: Database, connection: psycopg.Connection, put: Put
) -> None:
    ids = {put(str(number)) for number in range(6)}
    with database.connect() as other:
        claimed = [message.id for one in [connection, other] * 4 if (message := claim(one))]
    assert sorted(claimed) == sorted(ids)


def test_it_logs_in_where_the_server_asks_for_it(
    connection: psycopg.Connection, put: Put, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_SMTP_PASSWORD", "s3cret")
    with running_sandbox(tmp_path / "state") as guarded:
        server = SmtpServer("127.0.0.1", guarded.smtp_port, "reports@shop.example", is_tls=False)
        put()
        assert deliver(connection, replace(server, login="me", password="wrong")) == Tally(put_off=1)
        make_due(connection)
        assert deliver(connection, replace(server, login="me", password="s3cret")) == Tally(sent=1)
        assert "s3cret" not in repr(replace(server, password="s3cret"))


def test_the_log_names_no_address(
    connection: psycopg.Connection, put: Put, server: SmtpServer, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    sandbox.set_fault(method="SMTP", path="/smtp/rcpt/gone@", status=550)
    put("one", recipients=["gone@example.com"])
    put("two")

    deliver(connection, server)

    assert "Message " in caplog.text
    assert "@example.com" not in caplog.text


def test_a_message_waits_for_its_time(connection: psycopg.Connection, put: Put, server: SmtpServer) -> None:
    message_id = put()
    connection.execute(
        "UPDATE outbox.message SET next_attempt_at = %s WHERE message_id = %s",
        [datetime.max.replace(tzinfo=UTC), message_id],
    )
    connection.commit()
    assert deliver(connection, server) == Tally()
