"""The sandbox's own controls under `/sandbox`: faults, the webhook's address, reset, and those of single stand-ins.

All need the bearer token.
"""

from collections.abc import Awaitable, Callable, Iterable
from hmac import compare_digest
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sandbox.faults import Fault
from sandbox.square import bulk, webhooks
from sandbox.state import State

LOADERS = {"orders": bulk.load_orders, "customers": bulk.load_customers}

Handler = Callable[[Request], Awaitable[Response]]
Control = tuple[str, str, Handler]
"""Method, path and handler."""


def with_token(state: State, handler: Handler) -> Handler:
    """Lets only callers in that carry `Authorization: Bearer <SANDBOX_SQUARE_TOKEN>`; others get 401."""
    expected = f"Bearer {state.settings.square_token}".encode()

    async def guarded(request: Request) -> Response:
        given = request.headers.get("Authorization", "").encode("latin-1", "replace")
        if not compare_digest(given, expected):
            return JSONResponse({"detail": "the sandbox's access token is missing or wrong"}, status_code=401)
        return await handler(request)

    return guarded


def routes(state: State, more: Iterable[Control] = ()) -> list[BaseRoute]:
    """Paths relative to `/sandbox`."""

    async def list_faults(_: Request) -> Response:
        return JSONResponse({name: fault.as_json() for name, fault in state.faults.items()})

    async def clear_faults(_: Request) -> Response:
        state.faults.clear()
        return Response(status_code=204)

    async def set_fault(request: Request) -> Response:
        try:
            fault = Fault(**await request.json())
        except (TypeError, ValueError) as error:
            return JSONResponse({"detail": str(error)}, status_code=400)
        state.faults[request.path_params["name"]] = fault
        return JSONResponse(fault.as_json())

    async def clear_fault(request: Request) -> Response:
        state.faults.pop(request.path_params["name"], None)
        return Response(status_code=204)

    async def load(request: Request) -> Response:
        loader = LOADERS.get(request.path_params["kind"])
        if loader is None:
            return JSONResponse({"detail": f"load one of {', '.join(LOADERS)}"}, status_code=404)
        try:
            return JSONResponse({"loaded": loader(state, (await request.body()).splitlines())})
        except bulk.LineError as error:
            return JSONResponse({"detail": str(error)}, status_code=400)

    async def set_webhook(request: Request) -> Response:
        wish: dict[str, Any] = await request.json()
        webhooks.subscribe(state, wish["url"], wish.get("first_retry_seconds", webhooks.FIRST_RETRY_SECONDS))
        return Response(status_code=204)

    async def reset(_: Request) -> Response:
        state.reset()
        return Response(status_code=204)

    table: list[Control] = [
        ("GET", "/faults", list_faults),
        ("DELETE", "/faults", clear_faults),
        ("PUT", "/faults/{name}", set_fault),
        ("DELETE", "/faults/{name}", clear_fault),
        ("POST", "/square/{kind}", load),
        ("PUT", "/webhook", set_webhook),
        ("POST", "/reset", reset),
        *more,
    ]
    return [Route(path, with_token(state, handler), methods=[method]) for method, path, handler in table]
