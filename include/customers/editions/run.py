"""What the tasks of customer_orders_report do: owns the transactions, and says in the log what came of it."""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.config import load_chain
from include.config.partner import Partner, load_partner
from include.customers.deliveries import taking_in
from include.customers.editions.days import days_to_report
from include.customers.editions.edition import Edition, Source
from include.customers.editions.exporting import finish_export, is_newest_approved, publish_sheet
from include.customers.editions.making import NothingNewError
from include.customers.editions.messages import TITLE
from include.customers.editions.missing import look_for_missing
from include.customers.editions.request import Wish, read_wish
from include.customers.editions.store import get_edition
from include.customers.editions.waiting import Question, lapse_forgotten, look
from include.report_runs import recorded
from include.warehouse.connection import connect

log = logging.getLogger(__name__)


def take_in(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Takes in what has come, and says what is to be reported.

    :returns: ``{"source", "day", "day_count"}`` of each report.
    """
    run, partner = context["dag_run"], _partner()
    wish = _wish(context, partner)
    try:
        taking_in.take_in(connect, partner)
    except BaseException:
        if wish:
            with recorded(context, title=TITLE):
                raise
        raise
    with connect() as connection:
        lapse_forgotten(connection, partner, datetime.now(UTC))
        wishes = [wish] if wish else _due(connection, run, partner)
    for each in wishes:
        log.info("%s is to be reported, from %s", each.day, each.source)
    return [{"source": each.source, "day": str(each.day), "day_count": len(wishes)} for each in wishes]


def _wish(context: Mapping[str, Any], partner: Partner) -> Wish | None:
    run = context["dag_run"]
    try:
        return read_wish(
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


def _due(connection: psycopg.Connection, run: Any, partner: Partner) -> list[Wish]:
    today = partner.business_date(run.run_after)
    days = set(days_to_report(connection, today))
    if run.run_type == "scheduled":
        days |= look_for_missing(connection, partner, today)
    return [Wish("partner", day) for day in sorted(days)]


def build(context: Mapping[str, Any], source: Source, day: str, day_count: int) -> int:
    """Makes the workbook of a day, and the edition that is to be decided on; returns its id.

    :param day_count: how many days the run reports.
    :raises AirflowSkipException: there is one of the same files already.
    """
    from include.customers.editions.building import Assignment, make_edition

    params, is_alone = context["params"], day_count == 1
    assignment = Assignment(
        source=source,
        day=date.fromisoformat(day),
        dag_run_id=context["dag_run"].run_id,
        map_index=context["ti"].map_index,
        is_asked_for=bool(params["date"]) or source == "square",
        is_mailed=params["mail"],
    )
    with recorded(
        context,
        title=f"{TITLE}, {day}" if is_alone else TITLE,
        parameters={"date": day, "source": source} if is_alone else None,
        part="" if is_alone else day,
        part_count=day_count,
    ) as recording:
        try:
            built = make_edition(_partner(), assignment)
        except NothingNewError as why:
            raise AirflowSkipException(str(why)) from None
        with connect() as connection:
            recording.finish(
                connection, row_count=built.row_count, note="It is approved and downloaded on the page of its day"
            )
    log.info("Edition %d of %s is %s", built.edition.edition_id, day, built.edition.state)
    return built.edition.edition_id


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
