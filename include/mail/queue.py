"""Taking messages out of the outbox for delivery, and writing down what became of them.

A claim is a lease: it moves ``next_attempt_at`` to the moment at which it lapses, so that a message whose process died
is due again like any other. Each function is a transaction of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from include.mail.outbox import Attachment

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class Message:
    """A claimed message; ``attempt_count`` counts the attempt that is about to be made."""

    id: UUID
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    attempt_count: int
    claimed_at: datetime
    attachments: tuple[Attachment, ...]

    @property
    def is_last_attempt(self) -> bool:
        return self.attempt_count >= MOST_ATTEMPTS


def claim(connection: psycopg.Connection) -> Message | None:
    """The message that has been due for longest, for this process alone; None when nothing is due."""
    with connection.transaction():
        row = connection.execute(
            """
            UPDATE outbox.message
            SET state = 'claimed', claimed_at = now(), next_attempt_at = now() + %s, attempt_count = attempt_count + 1
            WHERE message_id = (
                SELECT message_id FROM outbox.message
                WHERE state IN ('new', 'claimed') AND next_attempt_at <= now()
                ORDER BY next_attempt_at, created_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED
            )
            RETURNING message_id, recipients, subject, text_body, html_body, attempt_count, claimed_at
            """,
            [LEASE],
        ).fetchone()
        if row is None:
            return None
        attachments = connection.execute(
            "SELECT filename, content_type, content FROM outbox.attachment WHERE message_id = %s ORDER BY number",
            [row[0]],
        ).fetchall()
    message_id, recipients, subject, text, html, attempt_count, claimed_at = row
    files = tuple(Attachment(*attachment) for attachment in attachments)
    return Message(message_id, tuple(recipients), subject, text, html, attempt_count, claimed_at, files)


def bury_lapsed(connection: psycopg.Connection) -> int:
    """Gives up the messages whose process died at every attempt that they may have; returns how many."""
    with connection.transaction():
        return connection.execute(
            """
            UPDATE outbox.message
            SET state = 'dead', last_error = 'The delivering process ended at the last attempt, without a result'
            WHERE state = 'claimed' AND next_attempt_at <= now() AND attempt_count >= %s
            """,
            [MOST_ATTEMPTS],
        ).rowcount


def mark_sent(connection: psycopg.Connection, message: Message, note: str | None) -> None:
    """Holds also when the claim has lapsed meanwhile: the server has the mail.

    :param note: which recipients were refused.
    """
    with connection.transaction():
        connection.execute(
            "UPDATE outbox.message SET state = 'sent', sent_at = now(), last_error = %s WHERE message_id = %s",
            [note, message.id],
        )


def put_off(
    connection: psycopg.Connection, message: Message, error: str, wait: timedelta, recipients: Sequence[str]
) -> None:
    """:param recipients: who has yet to get the mail."""
    with connection.transaction():
        connection.execute(
            """
            UPDATE outbox.message
            SET state = 'new', next_attempt_at = now() + %s, last_error = %s, recipients = %s
            WHERE message_id = %s AND state = 'claimed' AND claimed_at = %s
            """,
            [wait, error, list(recipients), message.id, message.claimed_at],
        )


def bury(connection: psycopg.Connection, message: Message, error: str) -> None:
    with connection.transaction():
        connection.execute(
            """
            UPDATE outbox.message SET state = 'dead', last_error = %s
            WHERE message_id = %s AND state = 'claimed' AND claimed_at = %s
            """,
            [error, message.id, message.claimed_at],
        )
