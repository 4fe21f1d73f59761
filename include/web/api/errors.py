"""Every exception of a route as a problem: here, and nowhere else, each is given its status."""

import logging
from collections.abc import Callable
from typing import Any

import psycopg
from airflow.sdk.exceptions import AirflowNotFoundException
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from psycopg_pool import TooManyRequests
from starlette.exceptions import HTTPException

from include import report_runs
from include.config.errors import ConfigError
from include.customers import deliveries, editions
from include.mail import mailbox
from include.sql_reports.definitions.errors import NameTakenError, NotFoundError, VersionError
from include.sql_reports.query.errors import ReportError, StatementError
from include.sql_reports.query.parameters import ParameterError
from include.sql_reports.query.statement import RejectedError
from include.web.problems import FieldError, Problem

log = logging.getLogger(__name__)


def _as_json(_: Request, problem: Problem) -> Response:
    return problem.response()


def install_handlers(app: FastAPI, respond: Callable[[Request, Problem], Response] = _as_json) -> None:
    """:param respond: makes the answer of a problem; the pages make one of HTML."""

    def handle(kind: type[Exception], to_problem: Callable[[Any], Problem]) -> None:
        def handler(request: Request, error: Exception) -> Response:
            return respond(request, to_problem(error))

        app.add_exception_handler(kind, handler)

    handle(Problem, lambda problem: problem)
    handle(HTTPException, lambda error: Problem(error.status_code, detail=error.detail, headers=error.headers))
    handle(RequestValidationError, _of_validation)

    handle(NotFoundError, _saying(404, "Not there"))
    handle(mailbox.NotFoundError, _saying(404, "Not there"))
    handle(report_runs.NotFoundError, _saying(404, "Not there"))
    handle(report_runs.FileGoneError, _saying(410, "No longer there"))
    handle(report_runs.NothingToSendError, _saying(409, "Nothing to send"))
    handle(mailbox.BeingSentError, _saying(409, "Being sent"))
    handle(deliveries.UnknownFileError, _saying(404, "Not there"))
    handle(deliveries.TooLargeError, _saying(413, "Too large"))
    handle(editions.EditionNotFoundError, _saying(404, "Not there"))
    handle(editions.EditionGoneError, _saying(410, "No longer there"))
    handle(deliveries.ContentGoneError, _saying(410, "No longer there"))
    handle(editions.NotPendingError, _of_decided)
    handle(editions.NotApprovedError, _saying(409, "Not approved"))
    handle(VersionError, _saying(412, "Changed meanwhile"))
    handle(NameTakenError, _of_name_taken)
    handle(ParameterError, _of_parameters)
    handle(RejectedError, _of_rejected)
    handle(StatementError, _of_statement)
    handle(ReportError, lambda error: Problem.wrong_fields([FieldError(field="sql", message=str(error))]))

    handle(UnicodeEncodeError, lambda _: Problem(422, "Not as it should be", "It holds halves of characters."))
    handle(TooManyRequests, lambda _: Problem.unavailable("Too many requests wait for the storekeeper database."))
    handle(psycopg.OperationalError, _of_database_away)
    handle(psycopg.DataError, _of_data)
    handle(psycopg.Error, _of_database)
    handle(AirflowNotFoundException, _of_missing_connection)
    handle(ConfigError, _of_configuration)
    handle(Exception, lambda _: Problem(500, detail="The api-server's log says more."))


def _saying(status: int, title: str) -> Callable[[Exception], Problem]:
    return lambda error: Problem(status, title, f"{error}.")


def _of_decided(error: editions.NotPendingError) -> Problem:
    return Problem(409, "Not to be decided on", str(error))


def _of_validation(error: RequestValidationError) -> Problem:
    # The first of a location says where it stood: body, query, path or header.
    return Problem.wrong_fields(
        [
            FieldError(
                field=".".join(map(str, one["loc"][1:] or one["loc"])), message=one["msg"].removeprefix("Value error, ")
            )
            for one in error.errors()
        ]
    )


def _of_name_taken(error: NameTakenError) -> Problem:
    return Problem(409, "Name taken", f"{error}.", errors=[FieldError(field="name", message=str(error))])


def _of_parameters(error: ParameterError) -> Problem:
    return Problem.wrong_fields(
        [FieldError(field=f"parameters.{name}", message=message) for name, message in error.problems.items()]
    )


def _of_rejected(error: RejectedError) -> Problem:
    errors = [FieldError(field="sql", message=one.message, line=one.line, column=one.column) for one in error.problems]
    return Problem(422, "The SQL may not be run", f"{error}.", errors=errors)


def _of_statement(error: StatementError) -> Problem:
    return Problem.wrong_fields([FieldError(field="sql", message=error.message, line=error.line, column=error.column)])


def _of_database_away(error: psycopg.OperationalError) -> Problem:
    log.warning("The storekeeper database does not answer: %s", error)
    return Problem.unavailable("The storekeeper database does not answer.")


def _of_data(error: psycopg.DataError) -> Problem:
    log.warning("Values that Postgres does not take: %s", error.sqlstate)
    return Problem(422, "Not as it should be", "It holds a character or a number that the database cannot store.")


def _of_database(error: psycopg.Error) -> Problem:
    # Its full text may hold values.
    log.error("Postgres refused a statement: %s %s", error.sqlstate, error.diag.message_primary)
    return Problem(500, detail="The api-server's log says more.")


def _of_missing_connection(error: AirflowNotFoundException) -> Problem:
    log.error("%s", error)
    return Problem.unavailable(f"{error}: import airflow_settings.yaml.")


def _of_configuration(error: ConfigError) -> Problem:
    log.error("The configuration is wrong: %s", error)
    return Problem.unavailable("The configuration has a mistake; the api-server's log says where.")
