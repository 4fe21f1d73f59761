"""ARI over HTTP and WebSocket, as far as one who watches calls asks for it."""

import asyncio
import base64
import binascii
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest

from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.phone.exchange import ASTERISK_ID, Exchange, Listener
from sandbox.phone.model import ari_time
from sandbox.settings import Settings

VERSION = "22.6.0"
Handler = Callable[[Request], Response]


def routes(settings: Settings, exchange: Exchange) -> list[BaseRoute]:
    """Paths relative to `/ari`."""

    def info(request: Request) -> Response:
        parts = {
            "build": {
                "os": "Linux",
                "kernel": "6.12.0",
                "options": "OPTIONAL_API",
                "machine": "x86_64",
                "date": "2026-01-15 09:00:00 UTC",
                "user": "root",
            },
            "system": {"version": VERSION, "entity_id": ASTERISK_ID},
            "config": {"name": "sandbox", "default_language": "en", "setid": {"user": "asterisk", "group": "asterisk"}},
            "status": {
                "startup_time": ari_time(exchange.started_at),
                "last_reload_time": ari_time(exchange.started_at),
            },
        }
        only = request.query_params.get("only")
        return JSONResponse({name: part for name, part in parts.items() if not only or name in only.split(",")})

    def channels(_: Request) -> Response:
        return JSONResponse([channel.as_json() for channel in exchange.channels.values()])

    def channel(request: Request) -> Response:
        found = exchange.channels.get(request.path_params["id"])
        return JSONResponse(found.as_json()) if found else _refusal("Channel not found", 404)

    def bridges(_: Request) -> Response:
        return JSONResponse([bridge.as_json() for bridge in exchange.bridges.values()])

    def bridge(request: Request) -> Response:
        found = exchange.bridges.get(request.path_params["id"])
        return JSONResponse(found.as_json()) if found else _refusal("Bridge not found", 404)

    def route(path: str, handler: Handler) -> Route:
        # A coroutine, because a plain function would be called in a thread, beside the event loop.
        async def guarded(request: Request) -> Response:
            return _gate(settings, exchange, request) or handler(request)

        return Route(path, guarded, methods=["GET"])

    async def events(websocket: WebSocket) -> None:
        apps = tuple(app for app in websocket.query_params.get("app", "").split(",") if app)
        refused = _gate(settings, exchange, websocket)
        if not refused and not apps:
            refused = _refusal("HTTP request is missing param: [app]", 400)
        if refused:
            await websocket.send_denial_response(refused)
            return
        await websocket.accept("ari" if "ari" in websocket.scope["subprotocols"] else None)
        is_all = websocket.query_params.get("subscribeAll", "").lower() == "true"
        listener = Listener(apps, is_all, websocket.scope["state"]["transport"].abort)
        exchange.connect(listener)
        sending = asyncio.create_task(_send(websocket, listener))
        try:
            while (await websocket.receive())["type"] != "websocket.disconnect":
                pass  # what a listener says plays no part
        finally:
            exchange.disconnect(listener)
            sending.cancel()

    return [
        WebSocketRoute("/events", events),
        route("/asterisk/info", info),
        route("/channels", channels),
        route("/channels/{id}", channel),
        route("/bridges", bridges),
        route("/bridges/{id}", bridge),
    ]


async def _send(websocket: WebSocket, listener: Listener) -> None:
    with suppress(WebSocketDisconnect):
        while (frame := await listener.frames.get()) is not None:
            await websocket.send_text(frame)
        await websocket.close()


def _gate(settings: Settings, exchange: Exchange, asked: HTTPConnection) -> Response | None:
    """Why somebody is not let in, None if they are."""
    if exchange.is_refusing:
        return _refusal("Asterisk is not there", 503)
    expected = f"{settings.ari_user}:{settings.ari_password}".encode()
    if not compare_digest(_credentials(asked), expected):
        return _refusal("Authentication required", 401, {"WWW-Authenticate": 'Basic realm="asterisk"'})
    return None


def _credentials(asked: HTTPConnection) -> bytes:
    """`user:password`, from the parameter `api_key` or the header."""
    if api_key := asked.query_params.get("api_key"):
        return api_key.encode()
    scheme, _, encoded = asked.headers.get("Authorization", "").partition(" ")
    try:
        return base64.b64decode(encoded, validate=True) if scheme.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        return b""


def refusal(status: int) -> dict[str, str]:
    return {"message": f"a fault of the sandbox answers {status}"}


def _refusal(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"message": message}, status, headers)
