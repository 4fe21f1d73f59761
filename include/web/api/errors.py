"""Every exception of a route as a problem: here, and nowhere else, each is given its status."""

import logging
from collections.abc import Callable
from typing import Any

import psycopg
from airflow.sdk.exceptions import AirflowNotFoundException
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException as StarletteHTTPException

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
    handle(StarletteHTTPException, _of_http)
    handle(RequestValidationError, _of_validation)
    handle(psycopg.OperationalError, _of_database_away)
    handle(psycopg.Error, _of_database)
    handle(AirflowNotFoundException, _of_missing_connection)
    handle(Exception, lambda _: Problem(500, detail="The api-server's log says more."))


def _of_http(error: HTTPException) -> Problem:
    return Problem(error.status_code, detail=error.detail, headers=error.headers)


def _of_validation(error: RequestValidationError) -> Problem:
    errors = [FieldError(field=_field(one["loc"]), message=one["msg"]) for one in error.errors()]
    detail = "; ".join(f"{one.field}: {one.message}" for one in errors)
    return Problem(422, "Not as it should be", detail, errors=errors)


def _field(location: tuple[int | str, ...]) -> str:
    """Without "body", "query" or "path" in front, which people did not write."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def _of_database_away(error: psycopg.OperationalError) -> Problem:
    log.warning("The storekeeper database does not answer: %s %s", type(error).__name__, error.sqlstate)
    return Problem.unavailable("The storekeeper database does not answer.")


def _of_database(error: psycopg.Error) -> Problem:
    # Its full text may hold values.
    log.error("Postgres refused a statement: %s %s", error.sqlstate, error.diag.message_primary)
    return Problem(500, detail="The api-server's log says more.")


def _of_missing_connection(error: AirflowNotFoundException) -> Problem:
    log.error("%s", error)
    return Problem.unavailable(f"{error}: import airflow_settings.yaml.")
