"""What follows an approval: the Google Sheet, and the mail."""

import psycopg
from airflow.sdk.exceptions import AirflowFailException

from include.config.partner import Partner
from include.customers.editions.deciding import workbook_path
from include.customers.editions.edition import DAG_ID, Edition
from include.customers.editions.messages import name_of, tell_exported
from include.customers.editions.store import list_editions, lock_edition
from include.google.client import CONN_ID, google_if_configured


def is_newest_approved(connection: psycopg.Connection, edition: Edition) -> bool:
    """Whether nobody has approved a later edition of the same day and source: its sheet is not to be overwritten."""
    [newest], _ = list_editions(
        connection, business_date=edition.business_date, source=edition.source, state="approved", limit=1
    )
    return newest.edition_id == edition.edition_id


def publish_sheet(partner: Partner, edition: Edition) -> str:
    """Writes the workbook's sheets as tabs, in place of those of an earlier edition; returns their address.

    :raises AirflowFailException: there is no connection to Google.
    :raises EditionGoneError: the workbook is no longer there.
    """
    from include.customers.report.sheet import publish

    google = google_if_configured()
    if google is None:
        raise AirflowFailException(
            f"output: there is no connection {CONN_ID} for a Google Sheet; make one, or ask for xlsx"
        )
    with google:
        return publish(
            google,
            workbook_path(edition),
            key=f"{DAG_ID}/{edition.source}/{edition.business_date}",
            name=name_of(edition),
            day=edition.business_date,
            share_with=partner.recipients,
        )


def finish_export(
    connection: psycopg.Connection, partner: Partner, edition_id: int, *, sheet_url: str | None, is_mailed: bool
) -> None:
    """Notes that the export is done, and tells people; the caller commits. Once: a second time changes nothing."""
    if lock_edition(connection, edition_id).exported_at:
        return
    connection.execute(
        "UPDATE partner.edition SET exported_at = now(), sheet_url = %s WHERE edition_id = %s", [sheet_url, edition_id]
    )
    if is_mailed:
        tell_exported(connection, partner, lock_edition(connection, edition_id))
