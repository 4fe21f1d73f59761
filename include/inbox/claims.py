"""Taking rows out of the inbox to work on them, each by one process at a time, until none is due.

A claim is a lease, as the outbox has it (include.mail.queue): it moves ``next_attempt_at`` to the moment at which it
lapses, so that a row whose process died is due again like any other.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

# With the 5 s of the doorbell's poll, a crashed process's rows are taken back within a minute.
LEASE = timedelta(seconds=45)
MOST_ATTEMPTS = 5
# After the first failure; each further one waits three times as long: 10 s, 30 s, 90 s, 4.5 min.
FIRST_WAIT = timedelta(seconds=10)
GIVEN_BACK_WAIT = timedelta(seconds=30)
BATCH = 200

Row = dict[str, Any]
Handler = Callable[[psycopg.Connection, Sequence[Row]], None]
log = logging.getLogger(__name__)


class UnavailableError(Exception):
    """Something that the work needs is away (Square, a server), which is no fault of the row.

    :param rows: those that need it, unless all of the batch do: the others are handled without them.
    """

    def __init__(self, message: str, rows: Sequence[Row] = ()) -> None:
        super().__init__(message)
        self.rows = rows


class LapsedError(Exception):
    """The work took longer than the lease, and another process has the rows now: it was rolled back."""


@dataclass(frozen=True)
class Inbox:
    """A table of the schema ``inbox`` and its key."""

    table: str
    key: str

    @property
    def name(self) -> sql.Identifier:
        return sql.Identifier("inbox", self.table)


CALLS = Inbox("call", "call_key")
WEBHOOK_EVENTS = Inbox("webhook_event", "event_key")


@dataclass
class Tally:
    """How many rows were handled, put back for later, and given up."""

    handled: int = 0
    put_back: int = 0
    dead: int = 0


def work(connection: psycopg.Connection, inbox: Inbox, handle: Handler, batch: int = BATCH) -> Tally:
    """Claims and handles what is due until nothing is. Owns the transactions: give it a connection outside of one.

    A row that fails stops no other: its batch is tried again row by row, and it is put back with its error, five times
    in all, then it is dead.

    :param handle: gets rows (all columns of the table) and writes what follows from them; it is in the transaction that
        marks them as handled. It must finish within the lease of 45 s.
    :raises UnavailableError: as ``handle`` raised it; the rows are given back, and the try does not count.
    """
    tally = Tally(dead=_bury_lapsed(connection, inbox))
    while rows := claim(connection, inbox, batch):
        _handle(connection, inbox, rows, handle, tally)
    return tally


def claim(connection: psycopg.Connection, inbox: Inbox, most: int) -> list[Row]:
    """The rows that are due for longest, for this process alone.

    What was tried before is claimed alone: if it is what kills processes, it takes no other row with it.
    """
    statement = sql.SQL(
        """
        WITH due AS (
            SELECT {key}, attempt_count, next_attempt_at
            FROM {table}
            WHERE state IN ('new', 'claimed') AND next_attempt_at <= now()
            ORDER BY next_attempt_at, {key}
            LIMIT %(most)s
            FOR UPDATE SKIP LOCKED
        ),
        together AS (
            SELECT {key} FROM due WHERE attempt_count = 0
        ),
        alone AS (
            SELECT {key} FROM due WHERE attempt_count > 0 ORDER BY next_attempt_at, {key} LIMIT 1
        ),
        chosen AS (
            SELECT {key} FROM together
            UNION ALL
            SELECT {key} FROM alone WHERE NOT EXISTS (SELECT FROM together)
        )
        UPDATE {table} AS row
        SET state = 'claimed', claimed_at = now(), next_attempt_at = now() + %(lease)s,
            attempt_count = attempt_count + 1
        FROM chosen
        WHERE row.{key} = chosen.{key}
        RETURNING row.*
        """
    ).format(table=inbox.name, key=sql.Identifier(inbox.key))
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        # West of Greenwich a sender's zero time, the first instant of the year 1, is none that Python can hold.
        cursor.execute("SET LOCAL timezone TO 'UTC'")
        rows = cursor.execute(statement, {"most": most, "lease": LEASE}).fetchall()
    return sorted(rows, key=lambda row: int(row[inbox.key]))


def _handle(connection: psycopg.Connection, inbox: Inbox, rows: list[Row], handle: Handler, tally: Tally) -> None:
    try:
        with connection.transaction():
            handle(connection, rows)
            _mark_handled(connection, inbox, rows)
        tally.handled += len(rows)
    except UnavailableError as error:
        waiting = {row[inbox.key] for row in error.rows or rows}
        _give_back(connection, inbox, [row for row in rows if row[inbox.key] in waiting])
        if others := [row for row in rows if row[inbox.key] not in waiting]:
            _handle(connection, inbox, others, handle, tally)
        raise
    except Exception as error:
        if _is_no_fault_of_rows(error):
            # Whoever claims them next, after the lease, has them whole.
            raise
        if len(rows) > 1:
            _handle_each(connection, inbox, rows, handle, tally)
            return
        reason = _reason(error)
        # Not the exception itself: its further lines may repeat the row, and with it who called.
        trace = "".join(traceback.format_tb(error.__traceback__))
        key, attempt = rows[0][inbox.key], rows[0]["attempt_count"]
        log.error("inbox.%s %s: attempt %d failed: %s\n%s", inbox.table, key, attempt, reason, trace)
        _put_back(connection, inbox, rows[0], reason, tally)


def _is_no_fault_of_rows(error: Exception) -> bool:
    """Of what psycopg calls operational, only a value too long for an index lies with the row."""
    if isinstance(error, psycopg.errors.ProgramLimitExceeded):
        return False
    return isinstance(error, LapsedError | psycopg.OperationalError)


def _reason(error: Exception) -> str:
    """Later lines of a message are where databases repeat the row that they refused."""
    return f"{type(error).__name__}: {error}".replace("\0", "").split("\n", 1)[0][:500]


def _handle_each(connection: psycopg.Connection, inbox: Inbox, rows: list[Row], handle: Handler, tally: Tally) -> None:
    unavailable: UnavailableError | None = None
    for row in rows:
        try:
            _handle(connection, inbox, [row], handle, tally)
        except UnavailableError as error:
            # The rows after it are claimed too: those that need what is away are given back in turn.
            unavailable = error
    if unavailable:
        raise unavailable


def _mark_handled(connection: psycopg.Connection, inbox: Inbox, rows: Sequence[Row]) -> None:
    statement = sql.SQL(
        """
        UPDATE {table} SET state = 'handled', last_error = NULL
        WHERE {key} = ANY(%s) AND state = 'claimed' AND claimed_at = %s
        """
    ).format(table=inbox.name, key=sql.Identifier(inbox.key))
    claimed_at = rows[0]["claimed_at"]
    marked = connection.execute(statement, [[row[inbox.key] for row in rows], claimed_at]).rowcount
    if marked != len(rows):
        raise LapsedError(f"{len(rows) - marked} of {len(rows)} rows of inbox.{inbox.table} took longer than {LEASE}")


def _give_back(connection: psycopg.Connection, inbox: Inbox, rows: Sequence[Row]) -> None:
    statement = sql.SQL(
        """
        UPDATE {table} SET state = 'new', attempt_count = attempt_count - 1, next_attempt_at = now() + %s
        WHERE {key} = ANY(%s) AND state = 'claimed' AND claimed_at = %s
        """
    ).format(table=inbox.name, key=sql.Identifier(inbox.key))
    keys = [row[inbox.key] for row in rows]
    with connection.transaction():
        connection.execute(statement, [GIVEN_BACK_WAIT, keys, rows[0]["claimed_at"]])


def _put_back(connection: psycopg.Connection, inbox: Inbox, row: Row, reason: str, tally: Tally) -> None:
    is_dead = row["attempt_count"] >= MOST_ATTEMPTS
    statement = sql.SQL(
        """
        UPDATE {table} SET state = %s, next_attempt_at = now() + %s, last_error = %s
        WHERE {key} = %s AND state = 'claimed' AND claimed_at = %s
        """
    ).format(table=inbox.name, key=sql.Identifier(inbox.key))
    wait = FIRST_WAIT * 3 ** (row["attempt_count"] - 1)
    with connection.transaction():
        connection.execute(statement, ["dead" if is_dead else "new", wait, reason, row[inbox.key], row["claimed_at"]])
    if is_dead:
        tally.dead += 1
    else:
        tally.put_back += 1


def _bury_lapsed(connection: psycopg.Connection, inbox: Inbox) -> int:
    """Gives up the rows whose process died at every attempt that they may have; returns how many."""
    statement = sql.SQL(
        """
        UPDATE {table}
        SET state = 'dead', last_error = coalesce(last_error || '; ', '') || 'the process that worked on it died'
        WHERE state = 'claimed' AND next_attempt_at <= now() AND attempt_count >= %s
        """
    ).format(table=inbox.name)
    with connection.transaction():
        return connection.execute(statement, [MOST_ATTEMPTS]).rowcount
