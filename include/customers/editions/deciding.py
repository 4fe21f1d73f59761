"""What people do with an edition: approve, reject, download. Whether they may is the web app's to ask."""

from pathlib import Path

import psycopg

from include.customers.deliveries import partner_files_folder
from include.customers.editions.edition import Edition, EditionGoneError, NotApprovedError, NotPendingError, State
from include.customers.editions.store import get_edition, lock_edition


def decide(
    connection: psycopg.Connection, edition_id: int, *, user: str, is_approved: bool, note: str | None = None
) -> Edition:
    """Writes the decision, and who decided; the caller commits, and answers the task that waits for it.

    :param user: an Airflow user's name.
    :raises EditionNotFoundError: there is none.
    :raises NotPendingError: there is nothing to decide on any more.
    """
    edition = lock_edition(connection, edition_id)
    if edition.state != "pending":
        raise NotPendingError(_why_not(edition))
    state: State = "approved" if is_approved else "rejected"
    connection.execute(
        """
        UPDATE partner.edition
        SET state = %s, decided_by = %s, decided_at = now(), decision_note = nullif(trim(%s), '')
        WHERE edition_id = %s
        """,
        [state, user, note, edition_id],
    )
    _note_deed(connection, edition_id, user, state)
    return get_edition(connection, edition_id)


def open_download(connection: psycopg.Connection, edition_id: int, user: str) -> Path:
    """Where the workbook lies; that the user has it is written down, and committed by the caller before any byte goes.

    :raises EditionNotFoundError: there is none.
    :raises NotApprovedError: nobody may have it.
    :raises EditionGoneError: its retention is over, or it is not where it was put.
    """
    edition = get_edition(connection, edition_id)
    if edition.state != "approved":
        raise NotApprovedError(f"{edition.filename} of {edition.business_date} is {edition.state}, not approved")
    path = workbook_path(edition)
    _note_deed(connection, edition_id, user, "downloaded")
    return path


def workbook_path(edition: Edition) -> Path:
    """Where the workbook lies.

    :raises EditionGoneError: its retention is over, or it is not where it was put.
    """
    if edition.deleted_at:
        raise EditionGoneError(
            f"{edition.filename} was deleted on {edition.deleted_at:%Y-%m-%d}: its retention was over"
        )
    root = partner_files_folder().resolve()
    path = (root / edition.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise EditionGoneError(f"{edition.filename} is no longer in the partner files' folder")
    return path


def _note_deed(connection: psycopg.Connection, edition_id: int, user: str, action: str) -> None:
    connection.execute(
        "INSERT INTO partner.deed (done_by, action, edition_id) VALUES (%s, %s, %s)", [user, action, edition_id]
    )


def _why_not(edition: Edition) -> str:
    match edition.state:
        case "superseded":
            return "A newer edition of the day was made: decide on that one."
        case "lapsed":
            return "Nobody decided in time: ask for the day's report again."
        case state:
            return f"{edition.decided_by} has {state} it at {edition.decided_at:%Y-%m-%d %H:%M %Z}."
