"""The customer and order reports of a partner's days: asking for one, deciding on it, having it."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, StringConstraints

from include.customers.editions import Edition, Source, get_edition, list_editions, open_download
from include.customers.editions.edition import DAG_ID, State
from include.customers.editions.messages import TITLE
from include.web.airflow_runs import start_run
from include.web.api.entity_tags import tagged
from include.web.api.fields import Id
from include.web.api.paging import Page, Paging
from include.web.api.runs import RunDetails, accepted
from include.web.database import Db
from include.web.downloads import workbook
from include.web.partner_days import settle
from include.web.security import Exporter, PartnerReader

router = APIRouter(tags=["customer reports"], prefix="/customer-reports")


class Headline(BaseModel):
    label: str
    value: str


class ReportDetails(BaseModel):
    """An edition: a workbook that was made of a day. A correction is another one. `exported_at`: when what follows the
    approval was done (the sheet, the mail)."""

    model_config = ConfigDict(from_attributes=True)

    edition_id: int
    source: Source
    business_date: date
    state: State
    filename: str
    sha256: str
    byte_count: int
    headlines: list[Headline]
    customers_file_id: int | None
    orders_file_id: int | None
    made_at: datetime
    dag_run_id: str
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
    exported_at: datetime | None
    sheet_url: str | None
    deleted_at: datetime | None


class Wish(BaseModel):
    """A report of a day. `output`: with `sheet` or `both` a Google Sheet is made besides, once it is approved. `mail`:
    whether people are told."""

    model_config = ConfigDict(extra="forbid")

    date: date
    source: Source = "partner"
    output: Literal["xlsx", "sheet", "both"] = "xlsx"
    mail: bool = True


class Decision(BaseModel):
    """`note`: what people are to know about it."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] | None = None


@router.get("", response_model=Page[ReportDetails])
def customer_reports(
    user: PartnerReader,  # noqa: ARG001 (asks for the right, as in all routes)
    database: Db,
    paging: Paging,
    date: date | None = None,
    source: Source | None = None,
    state: State | None = None,
) -> Response:
    """The editions of a day, or of all days, the newest first."""
    with database.connection() as connection:
        found, total = list_editions(
            connection, business_date=date, source=source, state=state, limit=paging.limit, offset=paging.offset
        )
    return paging.answer([_details(edition) for edition in found], total)


@router.post("", status_code=202, response_model=RunDetails)
def request_customer_report(user: PartnerReader, database: Db, request: Request, wish: Wish) -> Response:
    """Asks for a report of a day, whatever there is of it: for who may trigger `customer_orders_report`, too."""
    conf = wish.model_dump(mode="json")
    run_id = start_run(database, user, dag_id=DAG_ID, title=f"{TITLE}, {wish.date}", conf=conf)
    return accepted(request, database, run_id)


@router.get("/{edition_id}", response_model=ReportDetails)
def customer_report(user: PartnerReader, database: Db, request: Request, edition_id: Id) -> Response:  # noqa: ARG001
    """An edition. Ask again with `If-None-Match` to see what is decided."""
    with database.connection() as connection:
        return tagged(request, _details(get_edition(connection, edition_id)))


@router.post("/{edition_id}/approve")
def approve_customer_report(
    user: Exporter, database: Db, edition_id: Id, decision: Decision | None = None
) -> ReportDetails:
    """Lets it be exported and downloaded. 409 if it has been decided on, or a newer one was made."""
    note = decision.note if decision else None
    return _details(settle(database, user, edition_id, is_approved=True, note=note))


@router.post("/{edition_id}/reject")
def reject_customer_report(
    user: Exporter, database: Db, edition_id: Id, decision: Decision | None = None
) -> ReportDetails:
    """Nobody can have it then. 409 as for approving."""
    note = decision.note if decision else None
    return _details(settle(database, user, edition_id, is_approved=False, note=note))


@router.get("/{edition_id}/file", response_class=FileResponse)
def download_customer_report(user: Exporter, database: Db, edition_id: Id) -> FileResponse:
    """The workbook, of an approved one only (else 409). That you have it is written down."""
    with database.connection() as connection:
        edition = get_edition(connection, edition_id)
        path = open_download(connection, edition_id, user.name)
    return workbook(path, edition.filename)


def _details(edition: Edition) -> ReportDetails:
    return ReportDetails.model_validate(edition)
