"""The outbox as people look at it: what was sent, what waits, what is dead; and sending a message once more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import psycopg
from psycopg.rows import class_row

State = Literal["new", "claimed", "sent", "dead"]

_MESSAGE = """
    SELECT message_id, recipients, subject, state, attempt_count, created_at, next_attempt_at, sent_at, last_error
    FROM outbox.message
"""
_COUNT = "SELECT count(*) FROM outbox.message"
_WANTED = """
    WHERE (%(state)s::text IS NULL OR state = %(state)s)
        AND (%(search)s::text IS NULL OR position(lower(%(search)s) IN lower(subject)) > 0)
"""


class NotFoundError(LookupError):
    """The outbox has no such message, or no longer."""


class BeingSentError(Exception):
    """The message is with mail_delivery at this moment."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message without its body. `last_error`: of the last attempt, or which recipients were refused."""

    message_id: UUID
    recipients: list[str]
    subject: str
    state: State
    attempt_count: int
    created_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    last_error: str | None


def list_messages(
    connection: psycopg.Connection,
    *,
    state: State | None = None,
    search: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[Message], int]:
    """The newest first.

    :param search: stands in the subject, in whatever case.
    :returns: a page, and how many there are in all.
    """
    wanted = {"state": state, "search": search, "limit": limit, "offset": offset}
    with connection.cursor(row_factory=class_row(Message)) as cursor:
        page = cursor.execute(
            _MESSAGE + _WANTED + "ORDER BY created_at DESC, message_id LIMIT %(limit)s OFFSET %(offset)s", wanted
        ).fetchall()
    [(total,)] = connection.execute(_COUNT + _WANTED, wanted).fetchall()
    return page, total


def get_message(connection: psycopg.Connection, message_id: UUID) -> Message:
    """:raises NotFoundError: there is none."""
    with connection.cursor(row_factory=class_row(Message)) as cursor:
        message = cursor.execute(_MESSAGE + "WHERE message_id = %s", [message_id]).fetchone()
    if message is None:
        raise NotFoundError(f"the outbox has no message {message_id}")
    return message


@dataclass(frozen=True, kw_only=True)
class Body:
    """What a message says. `attachments`: their file names."""

    html: str
    text: str
    attachments: list[str]


def read_body(connection: psycopg.Connection, message_id: UUID) -> Body:
    """:raises NotFoundError: there is none."""
    with connection.cursor(row_factory=class_row(Body)) as cursor:
        body = cursor.execute(
            """
            SELECT html_body AS html, text_body AS text,
                ARRAY(
                    SELECT filename FROM outbox.attachment AS file WHERE file.message_id = message.message_id
                    ORDER BY number
                ) AS attachments
            FROM outbox.message
            WHERE message_id = %s
            """,
            [message_id],
        ).fetchone()
    if body is None:
        raise NotFoundError(f"the outbox has no message {message_id}")
    return body


def send_again(connection: psycopg.Connection, message_id: UUID) -> Message:
    """Makes a message due now, whatever became of it before; the caller commits. mail_delivery notices within seconds.

    It keeps its Message-ID: a mailbox that has it already may show it once.

    :raises NotFoundError: there is none.
    :raises BeingSentError: it is being sent at this moment.
    """
    changed = connection.execute(
        """
        UPDATE outbox.message
        SET state = 'new', attempt_count = 0, next_attempt_at = now(), sent_at = NULL, last_error = NULL
        WHERE message_id = %s AND state <> 'claimed'
        """,
        [message_id],
    )
    message = get_message(connection, message_id)
    if not changed.rowcount:
        raise BeingSentError("it is being sent at this moment: look again in a minute")
    return message
