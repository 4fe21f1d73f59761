"""What pages and API have in common about a partner's days: who the partner is, what comes in, what is decided."""

from datetime import UTC, date, datetime, timedelta
from typing import BinaryIO

from include.config.partner import Kind, Partner, load_partner
from include.customers.deliveries import PartnerFile, receive
from include.customers.editions import Edition, decide
from include.customers.editions.edition import APPROVAL_TASK_ID, DAG_ID
from include.web.airflow_answers import answer_approval
from include.web.database import Database
from include.web.problems import FieldError, Problem
from include.web.security import User

# A slip of the keyboard: every day since would be missed.
OLDEST = timedelta(days=3653)


def the_partner() -> Partner:
    """:raises Problem: 404: none is configured."""
    partner = load_partner()
    if partner is None:
        raise Problem(404, "No partner", "The configuration has no partner.yaml: nobody sends files.")
    return partner


def day_before(partner: Partner) -> date:
    """The newest business day of the partner's that is over: whose records are to come now."""
    return partner.business_date(datetime.now(UTC)) - timedelta(days=1)


def put_in(
    database: Database,
    user: User,
    partner: Partner,
    content: BinaryIO,
    *,
    filename: str,
    kind: Kind,
    delivery_date: date,
) -> PartnerFile:
    """Receives a file in the user's name; the report's own run takes it in.

    :raises Problem: no such day can be meant.
    :raises TooLargeError: of include.customers.deliveries.
    """
    today = day_before(partner) + timedelta(days=1)
    if delivery_date > today:
        raise Problem.wrong_fields([FieldError(field="date", message=f"{delivery_date} has not begun")])
    if delivery_date < today - OLDEST:
        raise Problem.wrong_fields([FieldError(field="date", message=f"{delivery_date} is more than ten years ago")])
    with database.connection() as connection:
        # A gigabyte is copied and synced meanwhile.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
        return receive(
            connection,
            partner,
            content,
            filename=filename,
            kind=kind,
            delivery_date=delivery_date,
            came_by="upload",
            received_by=user.name,
        )


def settle(database: Database, user: User, edition_id: int, *, is_approved: bool, note: str | None) -> Edition:
    """Writes the user's decision, and lets the run that waits for it go on.

    :raises Problem: nothing has happened then.
    :raises EditionNotFoundError, NotPendingError: of include.customers.editions.
    """
    with database.connection() as connection:
        edition = decide(connection, edition_id, user=user.name, is_approved=is_approved, note=note)
        # Within the transaction: a decision of which the run cannot be told does not hold. The run looks for the
        # decision, and waits while it is being written.
        answer_approval(
            user,
            dag_id=DAG_ID,
            dag_run_id=edition.dag_run_id,
            task_id=APPROVAL_TASK_ID,
            map_index=edition.map_index,
            is_approved=is_approved,
        )
    return edition
