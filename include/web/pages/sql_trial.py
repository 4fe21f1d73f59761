"""Checking and previewing SQL in the editor, before it is saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError

from include.config.business_days import time_zone
from include.sql_reports.definitions.definition import field_problems
from include.sql_reports.query.columns import Column
from include.sql_reports.query.errors import ReportError, StatementError
from include.sql_reports.query.guard import CheckedStatement, check
from include.sql_reports.query.parameters import Parameter, ParameterError, resolve
from include.sql_reports.query.running import Preview, describe, preview
from include.sql_reports.query.statement import RejectedError
from include.web.pages.forms import SentForm
from include.web.pages.rendering import page
from include.web.pages.report_form import ReportForm, form_errors, label_of
from include.web.security import Editor
from include.web.trials import TryOut

NUMBERS = {"integer", "decimal", "float"}
_PARAMETERS: TypeAdapter[tuple[Parameter, ...]] = TypeAdapter(tuple[Parameter, ...])

router = APIRouter(prefix="/reports")


@dataclass(frozen=True)
class Trial:
    """What came of trying; `errors`: by label."""

    columns: tuple[Column, ...] | None = None
    shown: dict[str, Any] | None = None
    problems: tuple[dict[str, Any], ...] = ()
    errors: dict[str, str] | None = None

    @property
    def said(self) -> str:
        if self.problems or self.errors:
            return "It cannot run like this"
        return "The preview is there" if self.shown else "It can run"


@router.post("/check")
async def check_sql(request: Request, user: Editor, tries: TryOut, sent: SentForm) -> Response:
    return _answer(request, await tries.run(user.name, _checked, ReportForm.of_form(sent)))


@router.post("/preview")
async def preview_sql(request: Request, user: Editor, tries: TryOut, sent: SentForm) -> Response:
    return _answer(request, await tries.run(user.name, _previewed, ReportForm.of_form(sent)))


def _answer(request: Request, trial: Trial) -> Response:
    return page(
        request,
        "trial.html",
        columns=trial.columns,
        preview=trial.shown,
        problems=trial.problems,
        errors=trial.errors or {},
        said=trial.said,
    )


def _checked(form: ReportForm) -> Trial:
    def described(statement: CheckedStatement, _: tuple[Parameter, ...], timezone: str) -> Trial:
        return Trial(columns=describe(statement, timezone=timezone))

    return _tried(form, described)


def _previewed(form: ReportForm) -> Trial:
    def previewed(statement: CheckedStatement, parameters: tuple[Parameter, ...], timezone: str) -> Trial:
        values = resolve(parameters, form.tried(), now=datetime.now(UTC), timezone=timezone)
        return Trial(shown=_shown(preview(statement, values, timezone=timezone)))

    return _tried(form, previewed)


def _tried(form: ReportForm, attempt: Callable[[CheckedStatement, tuple[Parameter, ...], str], Trial]) -> Trial:
    try:
        timezone = time_zone(form.texts["timezone"].strip())
        parameters = _PARAMETERS.validate_python(form.parameter_values())
        return attempt(check(form.texts["sql"], parameters), parameters, timezone)
    except ValidationError as error:
        found = form_errors([(f"parameters.{where}", sentence) for where, sentence in field_problems(error)])
        return Trial(errors={label_of(name): sentence for name, sentence in found.items()})
    except ParameterError as error:
        return Trial(errors={f"Parameter {name}": f"{problem}" for name, problem in error.problems.items()})
    except RejectedError as error:
        return Trial(problems=tuple(vars(problem) for problem in error.problems))
    except StatementError as error:
        return Trial(problems=({"message": error.message, "line": error.line, "column": error.column},))
    except ReportError as error:
        return Trial(problems=({"message": str(error), "line": None, "column": None},))
    except ValueError as error:
        return Trial(errors={"Time zone": str(error)})


def _shown(found: Preview) -> dict[str, Any]:
    return {
        "columns": [{"name": column.name, "is_number": column.kind in NUMBERS} for column in found.columns],
        "rows": [[_text(cell) for cell in row] for row in found.rows],
        "is_cut": found.is_cut,
        "seconds": found.seconds,
    }


def _text(cell: Any) -> str | None:
    match cell:
        case None | str():
            return cell
        case bool():
            return "true" if cell else "false"
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case Decimal():
            return f"{cell:,f}"
        case int():
            return f"{cell:,}"
        case _:
            return str(cell)
