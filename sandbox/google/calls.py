"""What every handler of the stand-in shares: who calls, with what, and how errors and `fields` are answered."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.google import fields, tokens
from sandbox.google.errors import GoogleError
from sandbox.state import State


@dataclass(frozen=True)
class Call:
    """One request by a known account."""

    state: State
    caller: str
    path: dict[str, Any]
    query: QueryParams
    body: dict[str, Any]


Answer = dict[str, Any] | None


def endpoint(
    state: State, handler: Callable[[Call], Answer], default_fields: str = ""
) -> Callable[[Request], Awaitable[Response]]:
    """
    :param handler: answers None for 204.
    :param default_fields: what is answered when the request has no `fields` (Drive answers only a few).
    """

    async def handle(request: Request) -> Response:
        try:
            text = await request.body()
            body = json.loads(text) if text else {}
        except ValueError:
            return answer_error(GoogleError(400, "Invalid JSON payload received."))
        try:
            account = tokens.caller(state, request)
            mask = fields.parse(request.query_params.get("fields", default_fields))
            answer = handler(Call(state, account, request.path_params, request.query_params, body))
        except GoogleError as error:
            return answer_error(error)
        return Response(status_code=204) if answer is None else JSONResponse(fields.select(mask, answer))

    return handle


def answer_error(error: GoogleError) -> Response:
    return JSONResponse(error.body(), status_code=error.status)
