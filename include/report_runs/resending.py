"""Sending a run's mail once more, to the same people or to others."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from include.mail.outbox import Attachment, enqueue
from include.report_runs.reading import get_run, notifications_of
from include.report_runs.runs import Notification


class NothingToSendError(ValueError):
    """The run has no mail that could go out; the message says what to do."""


def resend(
    connection: psycopg.Connection, run_id: int, user: str, recipients: Sequence[str] | None = None
) -> list[UUID]:
    """Enqueues the mail of a run again; the caller commits. Asked for twice within a minute, it goes out once.

    :param recipients: who gets it instead of those who got it before.
    :returns: the new messages' ids.
    :raises NotFoundError: there is no such run.
    :raises NothingToSendError: there is nothing to send, or nobody to send it to.
    """
    run = get_run(connection, run_id)
    mailed = [each for each in notifications_of(connection, run_id) if each.kind == "report" and each.state]
    if not mailed:
        raise NothingToSendError(f"run {run_id} of {run.title} has no mail that could be sent again")
    wanted = mailed[:1] if recipients else mailed
    sent = (_again(connection, each, user, recipients or each.recipients) for each in wanted)
    return [message_id for message_id in sent if message_id]


def notify(
    connection: psycopg.Connection, run_id: int, kind: str, message_id: UUID, recipients: Sequence[str], asked_by: str
) -> None:
    """Notes that a mail about a run was decided on."""
    connection.execute(
        """
        INSERT INTO reports.notification_log (run_id, kind, recipients, message_id, asked_by)
        VALUES (%s, %s, %s, %s, %s)
        """,
        [run_id, kind, list(recipients), message_id, asked_by],
    )


def _again(connection: psycopg.Connection, sent: Notification, user: str, recipients: Sequence[str]) -> UUID | None:
    [(subject, html, text)] = connection.execute(
        "SELECT subject, html_body, text_body FROM outbox.message WHERE message_id = %s", [sent.message_id]
    ).fetchall()
    attachments = connection.execute(
        "SELECT filename, content_type, content FROM outbox.attachment WHERE message_id = %s ORDER BY number",
        [sent.message_id],
    ).fetchall()
    minute = datetime.now(UTC)
    message_id = enqueue(
        connection,
        dedupe_key=f"report_run/{sent.run_id}/resend/{sent.message_id}/{' '.join(recipients)}/{minute:%Y-%m-%dT%H:%M}",
        recipients=recipients,
        subject=subject,
        html=html,
        text=text,
        attachments=[Attachment(*attachment) for attachment in attachments],
    )
    if message_id:
        notify(connection, sent.run_id, "resend", message_id, recipients, user)
    return message_id
