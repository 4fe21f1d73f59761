"""The outbox: a rule writes its mail in the transaction that marks its rows as handled; mail_delivery sends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg


@dataclass(frozen=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes


def enqueue(
    connection: psycopg.Connection,
    *,
    dedupe_key: str,
    recipients: Sequence[str],
    subject: str,
    html: str,
    text: str,
    attachments: Sequence[Attachment] = (),
) -> UUID | None:
    """Writes one message; the caller commits.

    :param dedupe_key: names the decision that the mail tells of; a second message with the same key is not written.
    :returns: the message's id, or None when the key was known.
    """
    row = connection.execute(
        """
        INSERT INTO outbox.message (dedupe_key, recipients, subject, html_body, text_body)
        VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (dedupe_key) DO NOTHING
        RETURNING message_id
        """,
        [dedupe_key, list(recipients), subject, html, text],
    ).fetchone()
    if row is None:
        return None
    message_id: UUID = row[0]
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO outbox.attachment (message_id, number, filename, content_type, content)
            VALUES (%s, %s, %s, %s, %s)
            """,
            [
                (message_id, number, attachment.filename, attachment.content_type, attachment.content)
                for number, attachment in enumerate(attachments, start=1)
            ],
        )
    return message_id
