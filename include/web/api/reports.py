"""SQL reports: defining them, and asking for a run."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from include.config.model import MailAddress
from include.sql_reports.definitions.audit import changes
from include.sql_reports.definitions.definition import Definition
from include.sql_reports.definitions.listing import list_summaries
from include.sql_reports.definitions.store import (
    Report,
    Sort,
    change_report,
    create_report,
    delete_report,
    get_report,
)
from include.sql_reports.query.parameters import resolve
from include.web.airflow_runs import start_run
from include.web.api.addresses import address_of
from include.web.api.bodies import patched, without_read_only
from include.web.api.entity_tags import IfMatch, chosen, tagged
from include.web.api.fields import Id, Search
from include.web.api.paging import Page, Paging
from include.web.api.runs import Format, RunDetails, RunSummary, accepted, runs_page
from include.web.api.saved import ChangeMade, SavedFields, change_made, saved_fields
from include.web.database import Db
from include.web.problems import Problem
from include.web.security import REPORT_RUN, Editor, Reader, Runner

router = APIRouter(tags=["reports"], prefix="/reports")


class ReportSummary(SavedFields):
    """A report without its SQL. `row_counts`: of its newest twenty runs that went well, the oldest first."""

    report_id: int
    name: str
    description: str
    cron: str | None
    timezone: str
    formats: list[Format]
    owner: str
    is_active: bool
    row_counts: list[int]


class ReportDetails(SavedFields, Definition):
    """A report: its definition, and what is known of it. PUT takes it back; it ignores the latter."""

    report_id: int
    row_counts: list[int]


ReportBody = Annotated[Definition, BeforeValidator(without_read_only), Body()]


def _tagged(request: Request, report: Report, status: int = 200) -> Response:
    # Not validated again: it may have been saved by an older version.
    details = ReportDetails.model_construct(
        **dict(report.definition),
        report_id=report.report_id,
        row_counts=list(report.row_counts),
        **saved_fields(report),
    )
    headers = {"Location": _address(request, report.report_id)} if status == 201 else None
    return tagged(request, details, version=report.version, status=status, headers=headers)


def _address(request: Request, report_id: int) -> str:
    return address_of(request, "report", report_id=report_id)


@router.get("", response_model=Page[ReportSummary])
def reports(
    user: Reader,
    database: Db,
    paging: Paging,
    search: Search = None,
    is_active: bool | None = None,
    mine: Annotated[bool, Query(description="Only those that you own.")] = False,
    sort: Sort = "name",
) -> Response:
    """The reports that there are."""
    with database.connection() as connection:
        found, total = list_summaries(
            connection,
            search=search,
            is_active=is_active,
            # Not by any address: Airflow's access log keeps the query.
            owner=(user.mail or "") if mine else None,
            limit=paging.limit,
            offset=paging.offset,
            sort=sort,
        )
    return paging.answer(found, total)


@router.post("", status_code=201, response_model=ReportDetails)
def new_report(user: Editor, database: Db, request: Request, definition: ReportBody) -> Response:
    """Defines a report. Its SQL is checked: what may not be run is refused with line and column."""
    with database.connection() as connection:
        created = create_report(connection, definition, user.name)
    return _tagged(request, created, 201)


@router.get("/{report_id}", response_model=ReportDetails)
def report(user: Reader, database: Db, request: Request, report_id: Id) -> Response:  # noqa: ARG001
    """A report, with its ETag for a change."""
    with database.connection() as connection:
        return _tagged(request, get_report(connection, report_id))


@router.put("/{report_id}", response_model=ReportDetails)
def replace_report(
    user: Editor, database: Db, request: Request, report_id: Id, versions: IfMatch, definition: ReportBody
) -> Response:
    """Replaces the definition. What is not named gets its default."""
    with database.connection() as connection:
        version = chosen(versions, get_report(connection, report_id).version)
        return _tagged(request, change_report(connection, report_id, definition, user.name, version))


@router.patch("/{report_id}", response_model=ReportDetails)
def change_fields(
    user: Editor,
    database: Db,
    request: Request,
    report_id: Id,
    versions: IfMatch,
    patch: Annotated[dict[str, Any], Body(media_type="application/merge-patch+json")],
) -> Response:
    """Changes the fields that are named (JSON Merge Patch: null sets the default)."""
    with database.connection() as connection:
        saved = get_report(connection, report_id)
        definition = patched(saved.definition, patch)
        version = chosen(versions, saved.version) or saved.version
        return _tagged(request, change_report(connection, report_id, definition, user.name, version))


@router.delete("/{report_id}", status_code=204)
def remove_report(user: Editor, database: Db, report_id: Id, versions: IfMatch) -> None:
    """Its runs and their files stay until their time is over."""
    with database.connection() as connection:
        version = chosen(versions, get_report(connection, report_id).version)
        delete_report(connection, report_id, user.name, version)


@router.get("/{report_id}/runs", response_model=Page[RunSummary])
def runs_of_report(user: Reader, database: Db, paging: Paging, report_id: Id) -> Response:  # noqa: ARG001
    """The report's runs, the newest first."""
    with database.connection() as connection:
        get_report(connection, report_id)
        return runs_page(connection, paging, report_id=report_id)


@router.get("/{report_id}/changes")
def changes_of_report(user: Reader, database: Db, report_id: Id) -> list[ChangeMade]:  # noqa: ARG001
    """Who changed what, the newest first; of a deleted report, too."""
    with database.connection() as connection:
        found = changes(connection, "report", report_id)
    if not found:
        raise Problem(404, "Not there", f"there never was a report {report_id}.")
    return [change_made(change) for change in found]


class RunWish(BaseModel):
    """What is to be different this time: values of the parameters, formats, recipients; `mail: false` sends none."""

    model_config = ConfigDict(extra="forbid")

    parameters: dict[str, Any] = {}
    formats: Annotated[list[Format], Field(min_length=1)] | None = None
    recipients: Annotated[list[MailAddress], Field(max_length=100)] | None = None
    mail: bool = True


@router.post("/{report_id}/run", status_code=202, response_model=RunDetails)
def run_report(user: Runner, database: Db, request: Request, report_id: Id, wish: RunWish | None = None) -> Response:
    """Asks for a run now. `Location` says where to look what becomes of it."""
    wish = wish or RunWish()
    with database.connection() as connection:
        wanted = get_report(connection, report_id)
    definition = wanted.definition
    resolve(definition.parameters, wish.parameters, now=datetime.now(UTC), timezone=definition.timezone)
    run_id = start_run(
        database,
        user,
        dag_id=REPORT_RUN,
        title=definition.name,
        conf={"report": report_id, **wish.model_dump(mode="json", exclude_unset=True)},
        report_id=report_id,
    )
    return accepted(request, database, run_id)
