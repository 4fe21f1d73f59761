"""One run of `missed_calls`: from the inbox to the mails."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

import psycopg

from include.calls.alerts import decide
from include.calls.all_clear import clear
from include.calls.departments import Directory
from include.calls.recording import adopt, record
from include.config import Chain, load_chain
from include.inbox.claims import CALLS, work
from include.inbox.dead_letters import announce
from include.mail.delivery import deliver
from include.mail.smtp import smtp_server
from include.warehouse.connection import connect

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How many calls were placed, placed anew, put back and given up, and how many mails that made."""

    placed: int
    adopted: int
    put_back: int
    dead: int
    alerts: int
    all_clears: int


def watch(run_at: datetime) -> dict[str, int]:
    """Places the calls that have come in, writes the alerts that are due, and sends them at once.

    The mails are the outbox's by then: when they cannot go now, mail_delivery tries again.

    :param run_at: when the run was due: of mutes, all-clears, and calls that are too old for an alert.
    """
    with connect() as connection:
        outcome = look(connection, load_chain(), run_at)
        if any(asdict(outcome).values()):
            deliver(connection, smtp_server())
    log.info("%s", outcome)
    return asdict(outcome)


def look(connection: psycopg.Connection, chain: Chain, run_at: datetime) -> Outcome:
    """All of a run but the sending. Owns the transactions: give it a connection outside of one."""
    directory = Directory(chain)
    handle = partial(record, directory=directory, recipients=chain.operations_recipients)
    tally = work(connection, CALLS, handle)
    with connection.transaction():
        adopted = adopt(connection, directory)
        alerts = decide(connection, directory, run_at)
        all_clears = clear(connection, directory, run_at)
        announce(connection, CALLS, chain.operations_recipients)
    return Outcome(tally.handled, adopted, tally.put_back, tally.dead, alerts, all_clears)
