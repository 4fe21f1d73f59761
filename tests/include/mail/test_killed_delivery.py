"""What is left when the delivering process is killed: nothing is lost, and what goes out twice is the same mail."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from queue import Queue
from uuid import UUID

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from include.mail.delivery import deliver
from include.mail.smtp import SmtpServer
from tests.conftest import Database
from tests.sandbox_process import free_ports

KILLS = int(os.environ.get("STOREKEEPER_TEST_KILLS", "5"))
DELIVER = """
import sys, psycopg
from include.mail.delivery import deliver
from include.mail.smtp import SmtpServer
deliver(psycopg.connect(sys.argv[1]), SmtpServer("127.0.0.1", int(sys.argv[2]), "reports@shop.example", is_tls=False))
"""
# The kill comes while the statement that notes the answer waits for a lock, so before its commit.
WAIT_BEFORE_COMMIT = """
    CREATE FUNCTION outbox.wait() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
    CREATE TRIGGER wait BEFORE UPDATE ON outbox.message FOR EACH ROW WHEN (NEW.state = 'sent')
        EXECUTE FUNCTION outbox.wait();
"""


class Killer:
    """A mail server that kills its client at one point of the exchange, once for each client."""

    def __init__(self, point: str) -> None:
        self.point = point
        self.victims: Queue[subprocess.Popen[bytes]] = Queue()
        self.received: list[str] = []

    def kill_at(self, point: str) -> None:
        if point == self.point:
            victim = self.victims.get(timeout=10)
            victim.kill()
            victim.wait()

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.kill_at("before DATA")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.received.append(str(message_from_bytes(envelope.content)["Message-ID"]))
        self.kill_at("after DATA")
        if self.point == "after 250":
            await server.push("250 OK")
            self.kill_at("after 250")
            return "250 the client is gone"
        return "250 OK"


@contextmanager
def listening(killer: Killer) -> Iterator[SmtpServer]:
    (port,) = free_ports(1)
    controller = Controller(killer, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield SmtpServer("127.0.0.1", port, "reports@shop.example", is_tls=False)
    finally:
        controller.stop()


def kill_before_commit(owner: psycopg.Connection, victim: subprocess.Popen[bytes]) -> None:
    """Holds the lock that the victim's last statement waits for, and lets go when the victim is dead."""
    with owner.transaction():
        owner.execute("SELECT pg_advisory_xact_lock(1)")
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while owner.execute(waiting).fetchone() == (0,):
            assert victim.poll() is None, "it ended without noting anything"
        victim.kill()
        victim.wait()


@pytest.mark.parametrize("point", ["before DATA", "after DATA", "after 250", "before commit"])
def test_nothing_is_lost_and_only_the_same_mail_is_repeated(
    database: Database, connection: psycopg.Connection, put: Callable[..., UUID], point: str
) -> None:
    ids = {f"<{put(str(number))}@shop.example>" for number in range(KILLS)}
    killer = Killer(point)
    with listening(killer) as server, database.connect("storekeeper_owner") as owner:
        if point == "before commit":
            owner.execute(WAIT_BEFORE_COMMIT)
            owner.commit()
        for _ in range(KILLS):
            command = [sys.executable, "-c", DELIVER, database.url(), str(server.port)]
            with subprocess.Popen(command) as victim:
                killer.victims.put(victim)
                if point == "before commit":
                    kill_before_commit(owner, victim)
            assert victim.returncode == -signal.SIGKILL
            connection.execute("UPDATE outbox.message SET next_attempt_at = now() WHERE state = 'claimed'")
            connection.commit()
        killer.point = "never"
        deliver(connection, server)

    copies = Counter(killer.received)
    assert set(copies) == ids
    assert connection.execute("SELECT DISTINCT state FROM outbox.message").fetchall() == [("sent",)]
    repeated = copies.total() - len(ids)
    assert repeated <= (0 if point == "before DATA" else KILLS)
