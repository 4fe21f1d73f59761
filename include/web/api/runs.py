"""Runs of reports: their history, their files, their mails."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import psycopg
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict

from include.config.model import MailAddress
from include.report_runs import (
    File,
    Run,
    files_of,
    get_run,
    list_runs,
    notifications_of,
    resend,
)
from include.report_runs.runs import State
from include.web.api.addresses import address_of
from include.web.api.entity_tags import tagged
from include.web.api.fields import Id, IdQuery, Since, Text, Until
from include.web.api.paging import Page, PageWanted, Paging
from include.web.database import Database, Db
from include.web.downloads import download
from include.web.problems import Problem
from include.web.security import Reader, Runner

router = APIRouter(tags=["runs"])

DagId = Literal["report_run", "products_sold_report", "sales_report", "customer_orders_report"]
Format = Literal["csv", "json", "xlsx"]


class _FromRecord(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RunSummary(_FromRecord):
    """A run. `asked_by`: an Airflow user's name, or `schedule`. Times are in UTC."""

    run_id: int
    dag_id: DagId
    dag_run_id: str
    report_id: int | None
    standing_order_id: int | None
    title: str
    state: State
    asked_by: str
    due_at: datetime | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt_count: int
    row_count: int | None
    byte_count: int | None
    sheet_url: str | None
    note: str | None
    error: str | None


class Breach(BaseModel):
    """A data-quality rule that the rows broke."""

    rule: str
    message: str
    on_breach: Literal["warn", "withhold"]


class RunFile(_FromRecord):
    """A file of a run; `location_name` of a part: whose rows it holds. `deleted_at`: its retention was over."""

    file_id: int
    format: Format
    filename: str
    byte_count: int
    location_name: str | None
    created_at: datetime
    deleted_at: datetime | None


class RunMail(_FromRecord):
    """A mail about a run; `state` is the outbox's, and empty when the outbox no longer has the message."""

    message_id: UUID
    kind: Literal["report", "resend", "failure", "breach"]
    recipients: list[str]
    decided_at: datetime
    asked_by: str
    state: str | None
    sent_at: datetime | None
    last_error: str | None


class RunDetails(RunSummary):
    """A run with the SQL and the parameters that it ran with, its files and its mails."""

    sql: str | None
    parameters: dict[str, Any]
    breaches: list[Breach]
    files: list[RunFile]
    mails: list[RunMail]


@router.get("/runs", response_model=Page[RunSummary])
def runs(
    user: Reader,  # noqa: ARG001 (asks for the right, as in all routes)
    database: Db,
    paging: Paging,
    report_id: IdQuery = None,
    standing_order_id: IdQuery = None,
    dag_id: DagId | None = None,
    state: State | None = None,
    asked_by: Text | None = None,
    since: Since = None,
    until: Until = None,
) -> Response:
    """Runs of all reports, the newest first."""
    with database.connection() as connection:
        return runs_page(
            connection,
            paging,
            report_id=report_id,
            standing_order_id=standing_order_id,
            dag_id=dag_id,
            state=state,
            asked_by=asked_by,
            since=since,
            until=until,
        )


def runs_page(connection: psycopg.Connection, paging: PageWanted, **wanted: Any) -> Response:
    """:param wanted: as `list_runs` takes it."""
    found, total = list_runs(connection, **wanted, limit=paging.limit, offset=paging.offset)
    return paging.answer([RunSummary.model_validate(run) for run in found], total)


@router.get("/runs/{run_id}", response_model=RunDetails)
def run(user: Reader, database: Db, request: Request, run_id: Id) -> Response:  # noqa: ARG001
    """A run. Ask again with `If-None-Match` to see it change."""
    return tagged(request, run_details(database, run_id))


def accepted(request: Request, database: Database, run_id: int) -> Response:
    """202 with a run that was just asked for, and where to look what becomes of it."""
    location = address_of(request, "run", run_id=run_id)
    return tagged(request, run_details(database, run_id), status=202, headers={"Location": location})


def run_details(database: Database, run_id: int) -> RunDetails:
    with database.connection() as connection:
        found = get_run(connection, run_id)
        files = files_of(connection, run_id)
        mails = notifications_of(connection, run_id)
    return RunDetails(
        **RunSummary.model_validate(found).model_dump(),
        sql=found.sql,
        parameters=found.parameters,
        breaches=[Breach(**breach) for breach in found.breaches],
        files=[RunFile.model_validate(file) for file in files],
        mails=[RunMail.model_validate(mail) for mail in mails],
    )


@router.get("/runs/{run_id}/download", response_class=FileResponse)
def download_file(
    user: Reader,  # noqa: ARG001
    database: Db,
    run_id: Id,
    file_id: IdQuery = None,
    format: Annotated[Format | None, Query()] = None,  # noqa: A002
) -> FileResponse:
    """A file of a run: the one of that id, else the whole report in that format, else in the first that there is.

    409 while the run has yet to end, 404 if it has no such file, 410 if the file's retention is over.
    """
    with database.connection() as connection:
        found = get_run(connection, run_id)
        file = _chosen_file(found, files_of(connection, run_id), file_id, format)
    return download(file)


def _chosen_file(run: Run, files: list[File], file_id: int | None, format: str | None) -> File:  # noqa: A002
    wanted = [
        file
        for file in files
        if (file.file_id == file_id if file_id else file.location_name is None) and format in (None, file.format)
    ]
    if wanted:
        return wanted[0]
    if run.is_live:
        raise Problem(409, "Not ready", f"Run {run.run_id} is {run.state}: ask again when it has ended.")
    raise Problem(404, "No such file", f"Run {run.run_id} has no such file; its files: {_names(files)}.")


def _names(files: list[File]) -> str:
    return ", ".join(f"{file.filename} (file_id={file.file_id})" for file in files) or "none"


class Resending(BaseModel):
    """`recipients`: who gets the mail instead of those who got it before."""

    model_config = ConfigDict(extra="forbid")

    recipients: list[MailAddress] | None = None


class Resent(BaseModel):
    """The new messages; none if the same was asked for within the last minute."""

    message_ids: list[UUID]


@router.post("/runs/{run_id}/resend", status_code=202)
def resend_run(user: Runner, database: Db, run_id: Id, wish: Resending | None = None) -> Resent:
    """Sends the mail of a run once more."""
    with database.connection() as connection:
        recipients = wish.recipients if wish else None
        return Resent(message_ids=resend(connection, run_id, user.name, recipients))
