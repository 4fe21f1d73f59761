"""SQL reports: the list of them, one of them, and asking for a run of it."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from include.report_runs import files_of, list_runs
from include.sql_reports.definitions.audit import changes
from include.sql_reports.definitions.schedule import in_words, next_times
from include.sql_reports.definitions.store import Report, get_report, list_reports
from include.sql_reports.query.parameters import Parameter, ParameterError, resolve
from include.sql_reports.query.relative_dates import DATE_WORDS, TIMESTAMP_WORDS
from include.web.airflow_runs import start_run
from include.web.database import Db
from include.web.pages.addresses import read_addresses
from include.web.pages.forms import SentForm
from include.web.pages.rendering import page
from include.web.pages.report_form import TYPES, shown
from include.web.pages.report_view import ReportView
from include.web.pages.run_view import RunView
from include.web.security import Reader, Runner, User

ROWS = 50
TOLD = {
    "created": "The report is saved.",
    "saved": "The change is saved.",
    "deleted": "The report is deleted. Its runs and files stay until their time is over.",
}
REPORT_RUN = "report_run"

router = APIRouter()


@router.get("/reports")
def reports_page(
    request: Request,
    user: Reader,
    db: Db,
    search: str = "",
    state: str = "",
    told: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    with db.connection() as connection:
        reports, total = list_reports(
            connection,
            search=search.strip() or None,
            is_active={"active": True, "paused": False}.get(state),
            limit=ROWS,
            offset=offset,
        )
    return page(
        request,
        "reports.html",
        user=user,
        place="reports",
        views=[ReportView(report) for report in reports],
        chosen={"search": search, "state": state},
        total=total,
        offset=offset,
        limit=ROWS,
        told=TOLD.get(told),
    )


@router.get("/reports/{report_id:int}")
def report_page(request: Request, user: Reader, db: Db, report_id: int, told: str = "") -> Response:
    with db.connection() as connection:
        report = get_report(connection, report_id)
        runs, run_count = list_runs(connection, report_id=report_id, limit=8)
        files = files_of(connection, [run.run_id for run in runs])
        history = changes(connection, "report", report_id)
    timezone = report.definition.timezone
    return page(
        request,
        "report.html",
        user=user,
        place="reports",
        view=ReportView(report),
        runs=[RunView(run, timezone, tuple(file for file in files if file.run_id == run.run_id)) for run in runs],
        run_count=run_count,
        history=history,
        times=_next_times(report),
        schedule=in_words(report.definition.cron) if report.definition.cron else None,
        types=TYPES,
        shown=shown,
        told=TOLD.get(told),
    )


@router.get("/reports/{report_id:int}/run")
def run_form(request: Request, user: Runner, db: Db, report_id: int) -> Response:
    with db.connection() as connection:
        report = get_report(connection, report_id)
    return _run_form(request, user, report, {}, {})


@router.post("/reports/{report_id:int}/run")
def run_report(request: Request, user: Runner, db: Db, report_id: int, form: SentForm) -> Response:
    """A run with what the form says; what it does not say is as the report has it."""
    with db.connection() as connection:
        report = get_report(connection, report_id)
    given = {
        parameter.name: _given(parameter, form.getlist(f"parameter.{parameter.name}"))
        for parameter in report.definition.parameters
    }
    given = {name: value for name, value in given.items() if value not in ("", [])}
    recipients, wrong = read_addresses(str(form.get("recipients", "")))
    errors = {"recipients": wrong} if wrong else {}
    try:
        resolve(report.definition.parameters, given, now=datetime.now(UTC), timezone=report.definition.timezone)
    except ParameterError as error:
        errors |= {f"parameter.{name}": problem for name, problem in error.problems.items()}
    if errors:
        sent = {name: form.getlist(name) for name in form}
        return _run_form(request, user, report, sent, errors)
    conf: dict[str, Any] = {"report": report_id, "parameters": given}
    if form.getlist("formats"):
        conf["formats"] = [str(each) for each in form.getlist("formats")]
    if recipients:
        conf["recipients"] = recipients
    if "asked" in form:
        conf["mail"] = "mail" in form
    run_id = start_run(db, user, dag_id=REPORT_RUN, title=report.definition.name, conf=conf, report_id=report_id)
    return RedirectResponse(f"{request.scope.get('root_path', '')}/runs/{run_id}", 303)


def _run_form(
    request: Request, user: User, report: Report, sent: dict[str, list[Any]], errors: dict[str, str]
) -> Response:
    return page(
        request,
        "report_run.html",
        422 if errors else 200,
        user=user,
        place="reports",
        report=report,
        sent=sent,
        errors=errors,
        labels={f"parameter.{each.name}": each.label or each.name for each in report.definition.parameters}
        | {"recipients": "Recipients"},
        shown=shown,
        date_words=DATE_WORDS,
        timestamp_words=TIMESTAMP_WORDS,
    )


def _given(parameter: Parameter, values: list[Any]) -> Any:
    texts = [str(value) for value in values]
    if not parameter.type.endswith("_list"):
        return texts[0].strip() if texts else ""
    if parameter.allowed is None:
        return [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return texts


def _next_times(report: Report) -> list[datetime]:
    definition = report.definition
    if definition.cron is None or not definition.is_active:
        return []
    return next_times(definition.cron, definition.timezone, datetime.now(UTC), 5)
