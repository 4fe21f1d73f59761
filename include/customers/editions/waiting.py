"""An edition that waits for its decision: what is asked about it, and when the time for it is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from include.config.partner import Partner
from include.customers.deliveries.links import day_url
from include.customers.editions.edition import Edition
from include.customers.editions.messages import tell_lapsed
from include.customers.editions.store import list_editions, lock_edition
from include.mail.render import day as written
from include.mail.render import time_at

# The task that waits looks by itself whether the edition was superseded, or an answer of Airflow's was lost.
LOOK_EVERY = timedelta(minutes=30)
# A task that waits notes by itself that the time is over. Of one that is gone the next run does.
GRACE = timedelta(hours=2)


@dataclass(frozen=True)
class Question:
    """What Airflow shows while a task waits. `body`: Markdown."""

    subject: str
    body: str
    look_again_in: timedelta


def answer_by(partner: Partner, edition: Edition) -> datetime:
    return edition.made_at + timedelta(hours=partner.approval_hours)


def look(connection: psycopg.Connection, partner: Partner, edition_id: int, now: datetime) -> tuple[Edition, Question]:
    """The edition, lapsed if its time is over, and what is asked about it as long as it is pending; the caller commits.

    A decision that is being written is waited for.

    :raises EditionNotFoundError: there is none.
    """
    edition = lock_edition(connection, edition_id)
    until = answer_by(partner, edition)
    if edition.state == "pending" and until <= now:
        edition = lapse(connection, partner, edition)
    figures = "\n".join(f"| {each['label']} | {each['value']} |" for each in edition.headlines)
    return edition, Question(
        subject=f"Customer and order report of {written(edition.business_date)}, edition {edition.edition_id}",
        body=f"| Figure | |\n|---|---:|\n{figures}\n\n"
        f"Decide on [the day's page]({day_url(edition.business_date)}), by {time_at(until, partner.timezone)}: only "
        "there is the right to export asked for. **An answer given here does not count**, and it is asked again.",
        look_again_in=max(min(until - now, LOOK_EVERY), timedelta(seconds=1)),
    )


def lapse(connection: psycopg.Connection, partner: Partner, edition: Edition) -> Edition:
    """Nobody has decided on a pending edition in time; the caller has locked it, and commits."""
    connection.execute(
        "UPDATE partner.edition SET state = 'lapsed', decided_at = now() WHERE edition_id = %s", [edition.edition_id]
    )
    tell_lapsed(connection, partner, edition)
    return lock_edition(connection, edition.edition_id)


def lapse_forgotten(connection: psycopg.Connection, partner: Partner, now: datetime) -> int:
    """Lapses what waits for a decision though the run that asked for it is gone; the caller commits.

    :returns: how many.
    """
    pending, _ = list_editions(connection, state="pending", limit=10_000)
    over = [edition for edition in pending if answer_by(partner, edition) + GRACE <= now]
    for edition in over:
        if lock_edition(connection, edition.edition_id).state == "pending":
            lapse(connection, partner, edition)
    return len(over)
