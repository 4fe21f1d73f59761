"""Sending a run's mail once more, to the same people or to others."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from include.mail.outbox import Attachment, enqueue
from include.mail.render import render
from include.report_runs.attachments import are_attached, attachments
from include.report_runs.links import run_url
from include.report_runs.reading import files_of, get_run, notifications_of
from include.report_runs.runs import Notification, Run


class NothingToSendError(ValueError):
    """The run has no mail that could go out; the message says what to do."""


def resend(
    connection: psycopg.Connection, run_id: int, user: str, recipients: Sequence[str] | None = None
) -> list[UUID]:
    """Enqueues the mail of a run again; the caller commits. Asked for twice within a minute, it goes out once.

    A run that has no mail (withheld, unchanged, nobody to send it to, or gone from the outbox) is mailed with its
    files, to those who are given.

    :param recipients: who gets it instead of those who got it before.
    :returns: the new messages' ids.
    :raises NotFoundError: there is no such run.
    :raises NothingToSendError: there is nothing to send, or nobody to send it to.
    """
    run = get_run(connection, run_id)
    mailed = [each for each in notifications_of(connection, run_id) if each.kind == "report" and each.state]
    if not mailed:
        message_id = _send_files(connection, run, user, recipients)
        return [message_id] if message_id else []
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
    copies = connection.execute(
        "SELECT filename, content_type, content FROM outbox.attachment WHERE message_id = %s ORDER BY number",
        [sent.message_id],
    ).fetchall()
    message_id = enqueue(
        connection,
        dedupe_key=_key(sent.run_id, str(sent.message_id), recipients),
        recipients=recipients,
        subject=subject,
        html=html,
        text=text,
        attachments=[Attachment(*copy) for copy in copies],
    )
    if message_id:
        notify(connection, sent.run_id, "resend", message_id, recipients, user)
    return message_id


def _send_files(connection: psycopg.Connection, run: Run, user: str, recipients: Sequence[str] | None) -> UUID | None:
    files = [file for file in files_of(connection, run.run_id) if not file.location_name and not file.deleted_at]
    if not files:
        raise NothingToSendError(f"run {run.run_id} of {run.title} has no files that could be sent")
    if not recipients:
        raise NothingToSendError(f"run {run.run_id} of {run.title} went to nobody yet: say who is to get it")
    is_attached = are_attached(files)
    facts = [("Rows", "not counted" if run.row_count is None else f"{run.row_count:,}"), *_facts(run)]
    mail = render(
        "report_files",
        title=run.title,
        user=user,
        note=run.note,
        facts=facts,
        is_attached=is_attached,
        url=run_url(run.run_id),
    )
    message_id = enqueue(
        connection,
        dedupe_key=_key(run.run_id, "files", recipients),
        recipients=recipients,
        subject=run.title,
        html=mail.html,
        text=mail.text,
        attachments=attachments(files) if is_attached else [],
    )
    if message_id:
        notify(connection, run.run_id, "resend", message_id, recipients, user)
    return message_id


def _facts(run: Run) -> list[tuple[str, str]]:
    finished = [("Finished", f"{run.finished_at:%Y-%m-%d %H:%M %Z}")] if run.finished_at else []
    return [*finished, *((name, str(value)) for name, value in run.parameters.items())]


def _key(run_id: int, what: str, recipients: Sequence[str]) -> str:
    return f"report_run/{run_id}/resend/{what}/{' '.join(recipients)}/{datetime.now(UTC):%Y-%m-%dT%H:%M}"
