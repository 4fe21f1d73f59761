"""One request to Square's stand-in: checked, answered in a transaction, remembered by its idempotency key."""

import json
import random
import sqlite3
import string
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.square import idempotency, times
from sandbox.square.errors import SquareError, missing, unauthorized
from sandbox.state import State

ALPHABET = string.ascii_uppercase + string.digits

Json = dict[str, Any]


def new_id() -> str:
    """An identifier that looks like Square's."""
    return "".join(random.choices(ALPHABET, k=24))


def dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Call:
    """What a handler is given.

    `now` is when things happen: the time of arrival, or what the header `X-Sandbox-Now` says. `updated_at` is always
    the time of arrival, as with orders that a till took while it was offline, so that who asks for changes finds them.
    """

    state: State
    arrived_at: datetime
    now: datetime
    body: Json
    path: Mapping[str, str]
    query: Mapping[str, str]

    @property
    def db(self) -> sqlite3.Connection:
        return self.state.db

    @property
    def now_text(self) -> str:
        return times.rfc3339(self.now)

    @property
    def updated_at(self) -> str:
        return times.rfc3339(self.arrived_at)

    def required(self, field: str, kind: type = str) -> Any:
        """The body's field. Raises SquareError if it is absent, empty or of another type."""
        value = self.body.get(field)
        if value is None or value == "":
            raise missing(field)
        if not isinstance(value, kind):
            expected = {str: "STRING", dict: "OBJECT", list: "ARRAY", int: "INTEGER", bool: "BOOLEAN"}[kind]
            raise SquareError(f"EXPECTED_{expected}", f"Expected a {kind.__name__}", field=field)
        return value

    def limit(self, default: int, most: int) -> int:
        """The page size asked for in body or query. Raises SquareError beyond 1 and `most`."""
        given = self.body.get("limit", self.query.get("limit"))
        if given is None:
            return default
        try:
            limit = int(given)
        except (TypeError, ValueError):
            raise SquareError("EXPECTED_INTEGER", "Expected an integer", field="limit") from None
        if limit < 1:
            raise SquareError("VALUE_TOO_LOW", "`limit` must be at least 1", field="limit")
        if limit > most:
            raise SquareError("VALUE_TOO_HIGH", f"`limit` must not be greater than {most}", field="limit")
        return limit


Answer = Json | bytes
Handler = Callable[[Call], Answer]


@dataclass(frozen=True)
class Endpoint:
    """A path of Square's API. `idempotency_key`: the longest key it takes, None where keys play no part."""

    method: str
    path: str
    handler: Handler
    idempotency_key: int | None = None
    is_key_required: bool = False


def route(state: State, endpoint: Endpoint) -> Route:
    async def answer(request: Request) -> Response:
        raw = await request.body()
        try:
            return Response(_answer(state, endpoint, request, raw), media_type="application/json")
        except SquareError as error:
            return Response(dump(error.body()), status_code=error.status, media_type="application/json")

    handler: Callable[[Request], Awaitable[Response]] = answer
    return Route(endpoint.path, handler, methods=[endpoint.method])


def _answer(state: State, endpoint: Endpoint, request: Request, raw: bytes) -> bytes:
    authorize(state, request)
    arrived_at = datetime.now(UTC)
    call = Call(state, arrived_at, _now(request) or arrived_at, _body(raw), request.path_params, request.query_params)
    if endpoint.method == "GET":
        return _as_bytes(endpoint.handler(call))
    with state.transaction():
        return _once(endpoint, call) if endpoint.idempotency_key else _as_bytes(endpoint.handler(call))


def _once(endpoint: Endpoint, call: Call) -> bytes:
    """Answers a repeated key from memory, so that the handler runs once for each key."""
    key = call.body.get("idempotency_key")
    if not key:
        if endpoint.is_key_required:
            raise missing("idempotency_key")
        return _as_bytes(endpoint.handler(call))
    if len(str(key)) > (endpoint.idempotency_key or 0):
        detail = f"Field must not be greater than {endpoint.idempotency_key} length"
        raise SquareError("VALUE_TOO_LONG", detail, field="idempotency_key")
    operation = f"{endpoint.method} {endpoint.path}"
    request = [dict(call.path), call.body]
    return idempotency.once(call.db, operation, str(key), request, lambda: _as_bytes(endpoint.handler(call)))


def authorize(state: State, request: Request) -> None:
    given = request.headers.get("Authorization", "").encode("latin-1", "replace")
    if not compare_digest(given, f"Bearer {state.settings.square_token}".encode()):
        raise unauthorized()


def _now(request: Request) -> datetime | None:
    said = request.headers.get("X-Sandbox-Now")
    if not said:
        return None
    try:
        return times.parse(said)
    except ValueError as error:
        raise SquareError("INVALID_TIME", f"X-Sandbox-Now: {error}") from error


def _body(raw: bytes) -> Json:
    if not raw:
        return {}
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise SquareError("EXPECTED_JSON_BODY", f"The request body is no JSON: {error}") from error
    if not isinstance(body, dict):
        raise SquareError("EXPECTED_OBJECT", "The request body must be a JSON object")
    return body


def _as_bytes(answer: Answer) -> bytes:
    """Square leaves out a list that has no entries: an empty page is `{}`."""
    if isinstance(answer, bytes):
        return answer
    return dump({name: value for name, value in answer.items() if value != []})
