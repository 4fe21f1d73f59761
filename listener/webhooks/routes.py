"""`POST /webhooks/square` and `POST /webhooks/orders/{provider}`: size, signature, reading, commit, in this order."""

from collections.abc import Mapping
from functools import cache

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from listener.metrics import Metrics
from listener.webhooks.body import MOST_BYTES, TooLargeError, read_body
from listener.webhooks.event import Provider
from listener.webhooks.group_commit import GroupCommit, UnavailableError

HEADERS = {
    # What is left of the body is not read: the connection cannot be used again.
    413: {"Connection": "close"},
    503: {"Retry-After": "5"},
}
NOBODY = ("no_provider", 404, "there is no such provider")

OK: Message = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]}
NOTHING: Message = {"type": "http.response.body", "body": b""}

log = structlog.get_logger()


class Door:
    """An ASGI application where webhooks come in. `providers` by their names; `square` only where Square is set up.

    It does without Starlette's request and response objects: they cost as much as all of our own work on a webhook.
    """

    def __init__(self, providers: Mapping[str, Provider], writer: GroupCommit, metrics: Metrics) -> None:
        self._providers = providers
        self._writer = writer
        # A child looked up by its labels takes longer than to count with it.
        self._count = cache(metrics.webhooks.labels)

    def routes(self) -> list[Route]:
        return [Route(path, self, methods=["POST"]) for path in ("/webhooks/square", "/webhooks/orders/{provider}")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Square's way in is its own.
        name = scope["path_params"].get("provider", "square")
        is_known = name in self._providers and (name == "square") == (scope["path"] == "/webhooks/square")
        result, status, error = await self._take_in(name, scope, receive) if is_known else NOBODY
        self._count(name if is_known else "unknown", result).inc()
        if status == 200:
            await send(OK)
            await send(NOTHING)
        else:
            await JSONResponse({"error": error}, status, HEADERS.get(status))(scope, receive, send)

    async def _take_in(self, name: str, scope: Scope, receive: Receive) -> tuple[str, int, str]:
        """What became of it (for the metrics), the status, and the error where there is one."""
        provider = self._providers[name]
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        try:
            body = await read_body(headers, receive)
        except TooLargeError:
            return "too_large", 413, f"the body is larger than {MOST_BYTES} bytes"
        except ClientDisconnect:
            return "broken_off", 400, "the body did not come to its end"
        if not provider.is_signed(headers, body):
            log.warning("webhook_unsigned", provider=name)
            return "unsigned", 401, "the signature is missing, wrong or too old"
        event = provider.read(headers, body)
        if event is None:
            return "ignored", 200, ""
        try:
            await self._writer.commit(event)
        except UnavailableError as error:
            return "unavailable", 503, str(error)
        if event.unreadable is not None:
            log.warning("webhook_dead_letter", provider=name, reason=event.unreadable)
            return "dead_letter", 200, ""
        return "committed", 200, ""
