"""The editor of SQL reports: writing, checking, trying and saving them."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from include.config.business_days import time_zone
from include.sql_reports.definitions.definition import Definition, field_problems
from include.sql_reports.definitions.errors import NameTakenError, VersionError
from include.sql_reports.definitions.schedule import check_cron, in_words, next_times
from include.sql_reports.definitions.store import Report, change_report, create_report, delete_report, get_report
from include.sql_reports.query.allowed import FUNCTIONS
from include.sql_reports.query.relative_dates import DATE_WORDS
from include.sql_reports.query.statement import RejectedError
from include.warehouse.reporting_schema import ColumnInfo, View, read_schema
from include.web.database import Database, Db
from include.web.pages.forms import SentForm
from include.web.pages.rendering import page
from include.web.pages.report_form import (
    LABELS,
    PARAMETER_FIELDS,
    RULE_FIELDS,
    RULES,
    TYPES,
    ReportForm,
    form_errors,
    label_of,
)
from include.web.pages.runs import home_timezone
from include.web.security import Editor, User

Problems = list[dict[str, Any]]

router = APIRouter(prefix="/reports")


@router.get("/new")
def new_report(request: Request, user: Editor, db: Db) -> Response:
    empty = Definition.model_construct(
        name="", description="", sql="", parameters=(), timezone=home_timezone(), owner=user.mail or ""
    )
    return _editor(request, user, db, ReportForm.of_definition(empty))


@router.get("/{report_id:int}/edit")
def edit_report(request: Request, user: Editor, db: Db, report_id: int) -> Response:
    with db.connection() as connection:
        report = get_report(connection, report_id)
    return _editor(request, user, db, ReportForm.of_definition(report.definition), report)


@router.post("")
def save_new_report(request: Request, user: Editor, db: Db, sent: SentForm) -> Response:
    return _save(request, user, db, ReportForm.of_form(sent), None, "")


@router.post("/{report_id:int}")
def save_report(request: Request, user: Editor, db: Db, report_id: int, sent: SentForm) -> Response:
    with db.connection() as connection:
        report = get_report(connection, report_id)
    return _save(request, user, db, ReportForm.of_form(sent), report, str(sent.get("version", "")))


@router.post("/{report_id:int}/delete")
def remove_report(request: Request, user: Editor, db: Db, report_id: int, sent: SentForm) -> Response:
    version = str(sent.get("version", ""))
    with db.connection() as connection:
        delete_report(connection, report_id, user.name, int(version) if version.isdecimal() else None)
    return _to(request, "/reports?told=deleted")


@router.get("/parameter")
def parameter_row(request: Request, user: Editor) -> Response:  # noqa: ARG001
    row = dict.fromkeys(PARAMETER_FIELDS, "") | {"type": "text", "required": "yes"}
    return page(request, "parameter_row.html", key=secrets.token_hex(4), row=row, types=TYPES)


@router.get("/rule")
def rule_row(request: Request, user: Editor) -> Response:  # noqa: ARG001
    row = dict.fromkeys(RULE_FIELDS, "") | {"kind": "row_count", "minimum": "1", "on_breach": "warn"}
    return page(request, "rule_row.html", key=secrets.token_hex(4), row=row, rules=RULES)


@router.get("/schedule")
def schedule_part(request: Request, user: Editor, cron: str = "", timezone: str = "") -> Response:  # noqa: ARG001
    return page(request, "schedule.html", **schedule_words(cron, timezone))


@router.get("/schema")
def schema_part(request: Request, user: Editor, db: Db, schema_search: str = "") -> Response:  # noqa: ARG001
    with db.connection() as connection:
        views = read_schema(connection)
    return page(request, "schema.html", views=_found(views, schema_search), search=schema_search.strip())


def schedule_words(cron: str, timezone: str) -> dict[str, Any]:
    """What schedule.html shows of a schedule that is being typed."""
    empty: dict[str, Any] = {"problem": None, "words": None, "times": [], "timezone": timezone}
    if not cron.strip():
        return empty
    try:
        cron, timezone = check_cron(cron), time_zone(timezone.strip())
    except ValueError as error:
        return empty | {"problem": str(error)}
    times = next_times(cron, timezone, datetime.now(UTC), 5)
    return {"problem": None, "words": in_words(cron), "times": times, "timezone": timezone}


def _save(
    request: Request, user: User, db: Database, form: ReportForm, report: Report | None, version: str
) -> Response:
    """Saves what can be saved; else the editor again, with everything that was typed and what is wrong with it."""
    try:
        definition = Definition.model_validate(form.values())
        with db.connection() as connection:
            if report is None:
                saved = create_report(connection, definition, user.name)
            else:
                known = int(version) if version.isdecimal() else report.version
                saved = change_report(connection, report.report_id, definition, user.name, known)
    except ValidationError as error:
        return _editor(request, user, db, form, report, version=version, errors=form_errors(field_problems(error)))
    except RejectedError as error:
        problems: Problems = [vars(problem) for problem in error.problems]
        errors = {"sql": "; ".join(map(str, error.problems))}
        return _editor(request, user, db, form, report, version=version, errors=errors, problems=problems)
    except NameTakenError as error:
        return _editor(request, user, db, form, report, version=version, errors={"name": str(error)})
    except VersionError as error:
        with db.connection() as connection:
            theirs = get_report(connection, report.report_id) if report else None
        return _editor(request, user, db, form, theirs, version=str(error.version), mine=definition)
    return _to(request, f"/reports/{saved.report_id}?told={'saved' if report else 'created'}")


def _editor(
    request: Request,
    user: User,
    db: Database,
    form: ReportForm,
    report: Report | None = None,
    *,
    version: str = "",
    errors: Mapping[str, str] | None = None,
    problems: Problems | None = None,
    mine: Definition | None = None,
) -> Response:
    """:param mine: what somebody else's change stood in the way of."""
    with db.connection() as connection:
        views = read_schema(connection)
    differing = [name for name in LABELS if mine and report and getattr(mine, name) != getattr(report.definition, name)]
    return page(
        request,
        "editor.html",
        409 if mine else 422 if errors else 200,
        user=user,
        place="reports",
        report=report,
        form=form,
        version=version or (str(report.version) if report else ""),
        errors=dict(errors or {}),
        labels={name: label_of(name) for name in errors or {}},
        problems=problems or [],
        conflict=report if mine else None,
        changed=[LABELS[name].lower() if name != "sql" else "SQL" for name in differing],
        types=TYPES,
        rules=RULES,
        date_words=DATE_WORDS,
        timezones=_timezones(),
        views=views,
        schema_data=_schema_data(views),
        **schedule_words(form.texts["cron"], form.texts["timezone"]),
    )


def _schema_data(views: tuple[View, ...]) -> dict[str, Any]:
    """What the SQL editor proposes."""

    def described(column: ColumnInfo) -> dict[str, str]:
        return {"label": column.name, "detail": column.type, "info": column.comment, "type": "property"}

    return {
        "views": {view.name: {"info": view.comment, "columns": [*map(described, view.columns)]} for view in views},
        "functions": sorted(FUNCTIONS),
    }


def _found(views: tuple[View, ...], search: str) -> list[View]:
    """The views that have all the words in their names or comments: whole, or with the columns that have them."""
    words = search.lower().split()
    found = []
    for view in views:
        if _has(words, view.name, view.comment):
            found.append(view)
        elif columns := tuple(each for each in view.columns if _has(words, view.name, each.name, each.comment)):
            found.append(View(view.name, view.comment, columns))
    return found


def _has(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in words)


@cache
def _timezones() -> list[str]:
    return [*sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")), "UTC"]


def _to(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(f"{request.scope.get('root_path', '')}{path}", 303)
