"""A session of its own for one statement: read-only, never committed, and ended from outside when its time is over.

The statement goes through the extended protocol, which takes one statement and no more, whatever is in it. Waiting
happens here and not in libpq, so that the limit holds whatever the statement does to its own settings, and so that a
signal to the process is heeded.
"""

import math
import select
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Self

import psycopg
from psycopg import pq, sql
from psycopg.pq.abc import PGresult

from include.sql_reports.query.errors import StatementError, TimeOutError, TooMuchError

BLOCK_BYTES = 1 << 18
# By when the server itself stops a statement whose process was killed before it could.
GRACE_SECONDS = 5
LONGEST_POLL_SECONDS = 1.0
QUERY_CANCELED = "57014"
# Of which there is `temp_file_limit`.
CONFIGURATION_LIMIT_EXCEEDED = "53400"
# Not the statement's fault: the connection, deadlocks, what the server lacks, a lock that was not had, a shutdown.
TRANSIENT = ("08", "40", "53", "55P03", "57P")

Place = Callable[[int], tuple[int, int] | None]


class Session:
    """
    :param seconds: how long all that happens here may take, from now on.
    :param name: what the server's list of sessions shows.
    """

    def __init__(self, connection: psycopg.Connection, *, seconds: float, timezone: str, name: str) -> None:
        self._connection = connection
        self._server = connection.pgconn
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._timezone = timezone
        self._name = name
        self._poll = select.poll()
        self._poll.register(self._server.socket, select.POLLIN)

    def __enter__(self) -> Self:
        settings = {
            "search_path": "reporting",
            "application_name": self._name,
            "TimeZone": self._timezone,
            "DateStyle": "ISO",
            "IntervalStyle": "postgres",
            "client_encoding": "UTF8",
            "statement_timeout": f"{math.ceil(self._seconds + GRACE_SECONDS)}s",
            "client_connection_check_interval": "2s",
        }
        local = sql.SQL("; ").join(
            sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value))
            for name, value in settings.items()
        )
        try:
            self._server.send_query(sql.SQL("BEGIN READ ONLY; {}").format(local).as_bytes(self._connection))
            self._results()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is ever committed: what is open is rolled back by the server when the connection ends."""
        if self._server.transaction_status == pq.TransactionStatus.ACTIVE:
            with suppress(psycopg.Error):
                self._connection.cancel_safe(timeout=GRACE_SECONDS)
        self._connection.close()

    def set_parameter(self, number: int, value: str) -> None:
        """Sets what the statement reads as one of its parameters; bound."""
        command = b"SELECT report_session.set_parameter($1, $2)"
        self._server.send_query_params(command, [str(number).encode(), value.encode()])
        self._results()

    def describe(self, text: str, place: Place) -> list[tuple[str, int]]:
        """The columns that the statement would bring: name and type's OID.

        :param place: line and column, for what Postgres finds wrong at an offset of ``text``.
        :raises StatementError: it has no columns, or Postgres does not understand it.
        """
        self._server.send_prepare(b"", text.encode())
        self._results(place)
        self._server.send_describe_prepared(b"")
        described = self._results()[-1]
        columns = [
            ((described.fname(number) or b"").decode(), described.ftype(number)) for number in range(described.nfields)
        ]
        if not columns:
            raise StatementError("The statement brings no columns")
        return columns

    def copy(self, text: str, place: Place) -> Iterator[tuple[int, bytes]]:
        """Runs a COPY … TO STDOUT.

        :returns: blocks of whole lines, each with their number.
        :raises StatementError: Postgres stopped it.
        """
        self._server.send_query_params(text.encode(), None)
        self._result(place)
        receive = self._server.get_copy_data
        # Lines gathered in a list, to be joined later, would take three times as long.
        block = bytearray()
        lines = 0
        while True:
            size, line = receive(1)
            if size > 0:
                block += line
                lines += 1
                if len(block) >= BLOCK_BYTES:
                    yield lines, bytes(block)
                    block.clear()
                    lines = 0
                    self._check_time()
            elif size == 0:
                self._wait()
            else:
                break
        if lines:
            yield lines, bytes(block)
        self._results(place)

    def _results(self, place: Place | None = None) -> list[PGresult]:
        results = []
        while result := self._result(place):
            results.append(result)
        return results

    def _result(self, place: Place | None = None) -> PGresult | None:
        while self._server.is_busy():
            self._wait()
        result = self._server.get_result()
        if result is not None and result.status == pq.ExecStatus.FATAL_ERROR:
            raise self._error(result, place)
        return result

    def _wait(self) -> None:
        seconds = min(max(self._deadline - time.monotonic(), 0), LONGEST_POLL_SECONDS)
        if self._poll.poll(seconds * 1000):
            self._server.consume_input()
        else:
            self._check_time()

    def _check_time(self) -> None:
        if time.monotonic() >= self._deadline:
            raise self._too_late()

    def _too_late(self) -> TimeOutError:
        return TimeOutError(
            f"The report took longer than {self._seconds:g} s, its limit. Let it read less (a shorter period, a "
            "condition on business_date), or raise the limit"
        )

    def _error(self, result: PGresult, place: Place | None) -> Exception:
        def field(kind: pq.DiagnosticField) -> str:
            return (result.error_field(kind) or b"").decode(errors="replace")

        state = field(pq.DiagnosticField.SQLSTATE)
        message = field(pq.DiagnosticField.MESSAGE_PRIMARY)
        if state == QUERY_CANCELED:
            return self._too_late()
        if state == CONFIGURATION_LIMIT_EXCEEDED:
            return TooMuchError("The statement sorts or joins more than there is room for. Let it read less")
        if place is None or not state or state.startswith(TRANSIENT):
            return psycopg.OperationalError(message or result.get_error_message())
        hint = field(pq.DiagnosticField.MESSAGE_HINT)
        position = field(pq.DiagnosticField.STATEMENT_POSITION)
        where = place(int(position) - 1) if position else None
        return StatementError(_sentences(message, hint), *(where or (None, None)))


def _sentences(message: str, hint: str) -> str:
    """As people are spoken to: Postgres begins with a small letter and ends without a full stop."""
    message = message[:1].upper() + message[1:]
    return f"{message}. {hint}" if hint else message
