"""Sends what is due in the outbox.

A mail goes out at least once. Its result is committed right after the server's answer, so that the only mail that can
go out twice is one whose process or connection ended between the end of DATA and that commit; it has the same
Message-ID.
"""

import logging
import random
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import psycopg

from include.mail import queue
from include.mail.compose import compose
from include.mail.queue import Message
from include.mail.smtp import Mailer, SmtpServer, UnreachableError

FIRST_WAIT_SECONDS = 30
# 30 s, 90 s, 4.5 min … 6 h: eight attempts outlast a night without a mail server.
WAIT_FACTOR = 3
LONGEST_ERROR = 500

Refusals = Mapping[str, tuple[int, bytes]]
log = logging.getLogger(__name__)


@dataclass
class Tally:
    """How many messages of one run were sent, put off, and given up."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0


def deliver(connection: psycopg.Connection, server: SmtpServer) -> Tally:
    """Claims and sends one message after another until none is due, or until the server cannot be reached: then what is
    left stays due, and only the message that met it has used up an attempt.

    No message stops another: whatever is wrong with one is written to its ``last_error``.
    """
    tally = Tally(dead=queue.bury_lapsed(connection))
    with Mailer(server) as mailer:
        while message := queue.claim(connection):
            try:
                _attempt(connection, mailer, message, tally)
            except UnreachableError as error:
                log.error("%s", error)
                _put_off(connection, message, str(error), message.recipients, tally)
                break
    return tally


def wait_seconds(attempt: int) -> float:
    """The time after the ``attempt``-th attempt before the next: at least 30 s, jittered upwards only."""
    return FIRST_WAIT_SECONDS * float(WAIT_FACTOR) ** (attempt - 1) * random.uniform(1.0, 1.5)


def _attempt(connection: psycopg.Connection, mailer: Mailer, message: Message, tally: Tally) -> None:
    """:raises UnreachableError: the message has not been touched."""
    try:
        mail = compose(message, mailer.server.sender)
    except Exception as error:  # whatever this one message holds, the others must go on
        _bury(connection, message, f"cannot be written as a mail: {type(error).__name__}: {error}", tally)
        return
    try:
        refused = mailer.send(mail, message.recipients)
    except smtplib.SMTPRecipientsRefused as error:
        _all_refused(connection, message, error.recipients, tally)
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            _bury(connection, message, _answer(error.smtp_code, error.smtp_error), tally)
        else:
            _put_off(connection, message, _answer(error.smtp_code, error.smtp_error), message.recipients, tally)
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        _bury(connection, message, f"the server cannot take it: {type(error).__name__}: {error}", tally)
    except OSError as error:  # smtplib's own errors are OSErrors: the connection was lost
        _put_off(connection, message, f"connection lost: {type(error).__name__}", message.recipients, tally)
    else:
        _taken(connection, message, refused, tally)


def _taken(connection: psycopg.Connection, message: Message, refused: Refusals, tally: Tally) -> None:
    """The server has the mail for at least one recipient. Those it put off get their own next attempt."""
    later = [address for address, (code, _) in refused.items() if code < 500]
    if later and not message.is_last_attempt:
        _put_off(connection, message, _summary(message, refused), later, tally)
        return
    queue.mark_sent(connection, message, _summary(message, refused) if refused else None)
    tally.sent += 1
    log.info("Message %s: sent, %d of %d recipients", message.id, _left(message, refused), len(message.recipients))


def _all_refused(connection: psycopg.Connection, message: Message, refused: Refusals, tally: Tally) -> None:
    # A server that hangs up within the list leaves the addresses after it without an answer.
    later = [address for address in message.recipients if refused.get(address, (421, b""))[0] < 500]
    if later:
        _put_off(connection, message, _summary(message, refused), later, tally)
    else:
        _bury(connection, message, _summary(message, refused), tally)


def _put_off(
    connection: psycopg.Connection, message: Message, error: str, recipients: list[str] | tuple[str, ...], tally: Tally
) -> None:
    if message.is_last_attempt:
        _bury(connection, message, f"after {message.attempt_count} attempts: {error}", tally)
        return
    wait = timedelta(seconds=wait_seconds(message.attempt_count))
    queue.put_off(connection, message, _short(error), wait, recipients)
    tally.put_off += 1
    log.warning(
        "Message %s: put off for %d s after attempt %d", message.id, wait.total_seconds(), message.attempt_count
    )


def _bury(connection: psycopg.Connection, message: Message, error: str, tally: Tally) -> None:
    queue.bury(connection, message, _short(error))
    tally.dead += 1
    log.error("Message %s: given up; outbox.message.last_error says why", message.id)


def _left(message: Message, refused: Refusals) -> int:
    return len(message.recipients) - len(refused)


def _summary(message: Message, refused: Refusals) -> str:
    answers = "; ".join(dict.fromkeys(_answer(code, text) for code, text in refused.values()))
    return f"{len(refused)} of {len(message.recipients)} recipients refused: {answers}"


def _answer(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"


def _short(error: str) -> str:
    """What a server says may be long, and hold NUL, which Postgres does not store."""
    return error.replace("\0", "")[:LONGEST_ERROR]
