"""What the tasks of customer_orders_report do: owns the transactions, and says in the log what came of it."""

import hashlib
import logging
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.config import load_chain
from include.config.partner import Partner, load_partner
from include.customers.deliveries import partner_files_folder, taking_in
from include.customers.editions.days import days_to_report, files_of_day
from include.customers.editions.edition import Edition, Source
from include.customers.editions.exporting import finish_export, is_newest_approved, publish_sheet
from include.customers.editions.figures import shown
from include.customers.editions.making import Draft, NothingNewError, check_news, enter
from include.customers.editions.messages import TITLE, tell_pending
from include.customers.editions.missing import look_for_missing
from include.customers.editions.request import Wish, read_wish
from include.customers.editions.store import editions_of, find_edition, get_edition
from include.customers.editions.waiting import Question, answer_by, lapse_forgotten, look
from include.report_runs import recorded
from include.warehouse.connection import connect

log = logging.getLogger(__name__)


def take_in(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Takes in what has come, and says what is to be reported.

    :returns: ``{"source", "day", "day_count"}`` of each report.
    """
    run, partner = context["dag_run"], _partner()
    try:
        wish = read_wish(
            context["params"],
            partner,
            load_chain(),
            data_interval_end=getattr(run, "data_interval_end", None),
            run_after=run.run_after,
        )
    except ValueError as error:
        with recorded(context, title=TITLE):
            # Trying again changes no param.
            raise AirflowFailException(str(error)) from error
    taking_in.take_in(connect, partner)
    with connect() as connection:
        lapse_forgotten(connection, partner, datetime.now(UTC))
    wishes = [wish] if wish else _wishes(run, partner)
    for each in wishes:
        log.info("%s is to be reported, from %s", each.day, each.source)
    return [{"source": each.source, "day": str(each.day), "day_count": len(wishes)} for each in wishes]


def _wishes(run: Any, partner: Partner) -> list[Wish]:
    today = partner.business_date(run.run_after)
    with connect() as connection:
        days = set(days_to_report(connection, today))
        if run.run_type == "scheduled":
            days |= look_for_missing(connection, partner, today)
    return [Wish("partner", day) for day in sorted(days)]


def build(context: Mapping[str, Any], source: Source, day: str, day_count: int) -> int:
    """Makes the workbook of a day, and the edition that is to be decided on; returns its id.

    :raises AirflowSkipException: there is one of the same files already.
    """
    partner, business_date = _partner(), date.fromisoformat(day)
    with recorded(
        context,
        title=f"{TITLE}, {day}" if day_count == 1 else TITLE,
        parameters={"day": day, "source": source} if day_count == 1 else None,
        part="" if day_count == 1 else day,
        part_count=day_count,
    ) as recording:
        try:
            edition, row_count = _make(context, partner, source, business_date)
        except NothingNewError as why:
            raise AirflowSkipException(str(why)) from None
        with connect() as connection:
            recording.finish(
                connection,
                row_count=row_count,
                note="Approved and downloaded on the page of its day",
            )
    log.info("Edition %d of %s is %s", edition.edition_id, day, edition.state)
    return edition.edition_id


def _make(context: Mapping[str, Any], partner: Partner, source: Source, day: date) -> tuple[Edition, int | None]:
    from include.customers.kpis import PartnerWarehouse, SquareWarehouse
    from include.customers.report.workbook import write_workbook

    run_id, map_index = context["dag_run"].run_id, context["ti"].map_index
    is_asked_for = bool(context["params"]["date"]) or source == "square"
    with connect() as connection:
        if made := find_edition(connection, run_id, map_index):
            return made, None
    # A run's id is whatever somebody calls it: no name of a folder.
    folder = Path("editions", hashlib.sha256(f"{run_id}/{map_index}".encode()).hexdigest()[:24])
    with (
        connect() as connection,
        PartnerWarehouse(connection, partner)
        if source == "partner"
        else SquareWarehouse(connection, load_chain()) as reading,
    ):
        # Of the same moment as the figures.
        files = files_of_day(connection, day)
        check_news(connection, source, day, files, is_asked_for=is_asked_for)
        workbook = write_workbook(partner_files_folder() / folder, reading, day)
        headlines = shown(workbook.headlines, reading.currency)
    draft = Draft(
        source=source,
        business_date=day,
        dag_run_id=run_id,
        map_index=map_index,
        filename=workbook.path.name,
        path=str(folder / workbook.path.name),
        sha256=workbook.sha256,
        byte_count=workbook.byte_count,
        headlines=headlines,
        files=files,
        is_asked_for=is_asked_for,
    )
    try:
        with connect() as connection:
            is_correction = any(editions_of(connection, day, source=source, state="approved", limit=1))
            edition = enter(connection, draft)
            if context["params"]["mail"]:
                tell_pending(
                    connection,
                    partner,
                    edition,
                    is_correction=is_correction,
                    answer_by=answer_by(partner, edition),
                )
    except NothingNewError:
        shutil.rmtree(partner_files_folder() / folder)
        raise
    return edition, sum(workbook.row_counts.values())


def look_at(edition_id: int) -> tuple[Edition, Question]:
    """How an edition stands now, and what is asked about it while it is pending."""
    with connect() as connection:
        return look(connection, _partner(), edition_id, datetime.now(UTC))


def export(context: Mapping[str, Any], edition_id: int) -> str | None:
    """What follows an approval: the sheet, if one is wanted, and the mail; once, however often it is run.

    :returns: the sheet's address.
    :raises AirflowSkipException: the edition was not approved.
    """
    partner, params = _partner(), context["params"]
    with connect() as connection:
        edition = get_edition(connection, edition_id)
        if edition.state != "approved":
            raise AirflowSkipException(f"edition {edition_id} is {edition.state}")
        if edition.exported_at:
            return edition.sheet_url
        has_sheet = params["output"] != "xlsx" and is_newest_approved(connection, edition)
    sheet_url = publish_sheet(partner, edition) if has_sheet else None
    with connect() as connection:
        finish_export(connection, partner, edition_id, sheet_url=sheet_url, is_mailed=params["mail"])
    return sheet_url


def _partner() -> Partner:
    partner = load_partner()
    if partner is None:
        raise AirflowFailException("partner.yaml: there is none; it says whose files are taken in, and who is told")
    return partner
