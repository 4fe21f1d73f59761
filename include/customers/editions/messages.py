"""The mails about editions: counts and a link, never the workbook nor a customer's name."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import psycopg

from include.config.partner import Kind, Partner
from include.customers.deliveries.links import day_url
from include.customers.editions.edition import DAG_ID, Edition
from include.mail.outbox import enqueue
from include.mail.render import day as written
from include.mail.render import render, time_at
from include.report_runs import find_run, notify

TITLE = "Customer and order report"


def tell_pending(
    connection: psycopg.Connection, partner: Partner, edition: Edition, *, is_correction: bool, answer_by: datetime
) -> None:
    """Somebody is to decide on an edition; the caller commits."""
    kind = "corrected workbook" if is_correction else "workbook"
    _tell(
        connection,
        partner,
        edition,
        "pending",
        subject=f"To approve{', corrected' if is_correction else ''}: {name_of(edition)}",
        lead=f"The {kind} is made. Nobody can download it before somebody with the right to export "
        f"approves it, by {time_at(answer_by, partner.timezone)}.",
        label="Approve or reject",
    )


def tell_exported(connection: psycopg.Connection, partner: Partner, edition: Edition) -> None:
    """An edition was approved, and what follows is done; the caller commits."""
    _tell(
        connection,
        partner,
        edition,
        "exported",
        subject=name_of(edition),
        lead=f"Approved by {edition.decided_by}. Whoever has the right to export downloads it from the day's page.",
        label="To the workbook",
    )


def tell_lapsed(connection: psycopg.Connection, partner: Partner, edition: Edition) -> None:
    """Nobody has decided in time; the caller commits."""
    _tell(
        connection,
        partner,
        edition,
        "lapsed",
        subject=f"Not approved in time: {name_of(edition)}",
        lead=f"Nobody decided within {partner.approval_hours} hours, and nothing was handed out. "
        "The day's report can be asked for again on its page.",
        label="To the day",
    )


def tell_missing(
    connection: psycopg.Connection, partner: Partner, day: date, kinds: Sequence[Kind], quarantined: Sequence[Kind]
) -> None:
    """What was to be there by the hour that it is due has not come; once for a day. The caller commits.

    :param quarantined: of these a file came, and could not be taken in.
    """
    if not partner.recipients:
        return
    what = " and ".join(f"no {kind.removesuffix('s')} file" for kind in kinds)
    mail = render(
        "partner_files_missing",
        subject=(subject := f"{partner.name}: {what} of {written(day)}"),
        partner=partner,
        day=day,
        lines=[
            f"The {kind.removesuffix('s')} file came and is quarantined: its reason is on the day's page."
            if kind in quarantined
            else f"The {kind.removesuffix('s')} file has not come."
            for kind in kinds
        ],
        url=day_url(day),
    )
    enqueue(
        connection,
        dedupe_key=f"{DAG_ID}/missing/{day}",
        recipients=partner.recipients,
        subject=subject,
        html=mail.html,
        text=mail.text,
    )


def name_of(edition: Edition) -> str:
    """Such as ``Customer and order report, Fri, Nov 20, 2026``."""
    of_square = " of Square" if edition.source == "square" else ""
    return f"{TITLE}{of_square}, {written(edition.business_date)}"


def _tell(
    connection: psycopg.Connection,
    partner: Partner,
    edition: Edition,
    what: str,
    *,
    subject: str,
    lead: str,
    label: str,
) -> UUID | None:
    if not partner.recipients:
        return None
    mail = render(
        "customer_report",
        subject=subject,
        title=name_of(edition),
        source="Square" if edition.source == "square" else partner.name,
        lead=lead,
        headlines=edition.headlines,
        is_partial=edition.source == "partner" and None in (edition.customers_file_id, edition.orders_file_id),
        note=edition.decision_note,
        sheet_url=edition.sheet_url,
        url=day_url(edition.business_date),
        label=label,
    )
    message_id = enqueue(
        connection,
        dedupe_key=f"{DAG_ID}/edition/{edition.edition_id}/{what}",
        recipients=partner.recipients,
        subject=subject,
        html=mail.html,
        text=mail.text,
    )
    run = find_run(connection, DAG_ID, edition.dag_run_id)
    if message_id is not None and run is not None:
        notify(connection, run.run_id, "report", message_id, partner.recipients, run.asked_by)
    return message_id
