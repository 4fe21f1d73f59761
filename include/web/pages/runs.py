"""Runs: their history, and one of them while it goes on and afterwards."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import psycopg
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from include.config import load_chain
from include.report_runs import files_of, get_file, get_run, list_runs, notifications_of, resend
from include.report_runs.runs import Run, State
from include.web.database import Database, Db
from include.web.downloads import download
from include.web.pages.addresses import read_addresses
from include.web.pages.rendering import page
from include.web.pages.run_view import REPORTS, STATES, RunView
from include.web.security import Reader, Runner, User

ROWS = 30
TOLD = {"resent": "The mail is on its way again.", "known": "That mail was asked for a moment ago: it goes out once."}

router = APIRouter()


@router.get("/runs")
def runs_page(
    request: Request,
    user: Reader,
    db: Db,
    state: Annotated[State | str, Query()] = "",
    kind: str = "",
    report: str = "",
    asked_by: str = "",
    since: str = "",
    until: str = "",
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    chosen = {"state": state, "kind": kind, "report": report, "asked_by": asked_by, "since": since, "until": until}
    timezone = home_timezone()
    wanted: dict[str, Any] = {
        "state": state if state in STATES else None,
        "dag_id": kind if kind in REPORTS else None,
        "report_id": int(report) if report.isdecimal() else None,
        "asked_by": asked_by.strip() or None,
        "since": _midnight(since, timezone),
        "until": _midnight(until, timezone, days_after=1),
    }
    with db.connection() as connection:
        runs, total = list_runs(connection, **wanted, limit=ROWS, offset=offset)
        views = _views(connection, runs, timezone)
    return page(
        request,
        "runs.html",
        user=user,
        place="runs",
        runs=views,
        is_live=any(run.is_live for run in runs),
        chosen=chosen,
        total=total,
        offset=offset,
        limit=ROWS,
        timezone=timezone,
        states=STATES,
        kinds=REPORTS,
        report_name=runs[0].title if wanted["report_id"] and runs else None,
    )


@router.get("/runs/{run_id}")
def run_page(request: Request, user: Reader, db: Db, run_id: int, told: str = "") -> Response:
    return _run_page(request, user, db, run_id, told=TOLD.get(told))


@router.get("/runs/{run_id}/live")
def run_part(request: Request, user: Reader, db: Db, run_id: int, seen: str = "") -> Response:
    """The part of a run's page that changes while it goes on; asked for every two seconds until nothing moves."""
    with db.connection() as connection:
        view = _view(connection, run_id)
    said = view.news if view.seen != seen else None
    return page(request, "run_state.html", user=user, view=view, said=said, typed="", errors={}, is_part=True)


@router.post("/runs/{run_id}/resend")
def resend_run(
    request: Request, user: Runner, db: Db, run_id: int, recipients: Annotated[str, Form()] = ""
) -> Response:
    addresses, wrong = read_addresses(recipients)
    if wrong:
        return _run_page(request, user, db, run_id, typed=recipients, errors={"recipients": wrong})
    with db.connection() as connection:
        sent = resend(connection, run_id, user.name, addresses or None)
    prefix = request.scope.get("root_path", "")
    return RedirectResponse(f"{prefix}/runs/{run_id}?told={'resent' if sent else 'known'}", 303)


@router.get("/files/{file_id}")
def file_download(user: Reader, db: Db, file_id: int) -> Response:  # noqa: ARG001 (asks for the right)
    with db.connection() as connection:
        file = get_file(connection, file_id)
    return download(file)


def home_timezone() -> str:
    """Of the chain's first location: for lists whose rows have no zone in common."""
    return load_chain().locations[0].timezone


def _run_page(
    request: Request,
    user: User,
    db: Database,
    run_id: int,
    *,
    told: str | None = None,
    typed: str = "",
    errors: dict[str, str] | None = None,
) -> Response:
    """:param typed: the addresses that the mail should go to, of which `errors` tells."""
    with db.connection() as connection:
        view = _view(connection, run_id)
    context = {"user": user, "place": "runs", "view": view, "said": None, "told": told}
    return page(request, "run.html", 422 if errors else 200, **context, typed=typed, errors=errors or {}, is_part=False)


def _view(connection: psycopg.Connection, run_id: int) -> RunView:
    run = get_run(connection, run_id)
    files, mails = files_of(connection, run_id), notifications_of(connection, run_id)
    return RunView(run, _timezone(connection, run), tuple(files), tuple(mails))


def _views(connection: psycopg.Connection, runs: list[Run], timezone: str) -> list[RunView]:
    files = files_of(connection, [run.run_id for run in runs])
    return [RunView(run, timezone, tuple(file for file in files if file.run_id == run.run_id)) for run in runs]


def _timezone(connection: psycopg.Connection, run: Run) -> str:
    """Its report's or standing order's, also of one that was deleted."""
    row = connection.execute(
        """
        SELECT timezone FROM reports.report WHERE report_id = %s
        UNION ALL
        SELECT timezone FROM reports.standing_order WHERE standing_order_id = %s
        """,
        [run.report_id, run.standing_order_id],
    ).fetchone()
    return str(row[0]) if row else home_timezone()


def _midnight(day: str, timezone: str, days_after: int = 0) -> datetime | None:
    """The begin of a day that was typed; None for none, or for what is no day."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        return None
    return datetime.combine(wanted + timedelta(days=days_after), time(), ZoneInfo(timezone))
