"""`POST /webhooks/square` and `POST /webhooks/orders/{provider}`: size, signature, reading, commit, in this order."""

from collections.abc import Mapping
from functools import cache

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from listener.metrics import Metrics
from listener.webhooks.body import MOST_BYTES, TooLargeError, read_body
from listener.webhooks.event import Provider
from listener.webhooks.group_commit import GroupCommit, UnavailableError

RETRY_AFTER_SECONDS = 5

log = structlog.get_logger()


class Door:
    """Where webhooks come in. `providers` by their names; `square` only where Square is set up."""

    def __init__(self, providers: Mapping[str, Provider], writer: GroupCommit, metrics: Metrics) -> None:
        self._providers = providers
        self._writer = writer
        # A child looked up by its labels takes longer than to count with it.
        self._count = cache(metrics.webhooks.labels)

    def routes(self) -> list[Route]:
        return [
            Route("/webhooks/square", self.square, methods=["POST"]),
            Route("/webhooks/orders/{provider}", self.order, methods=["POST"]),
        ]

    async def square(self, request: Request) -> Response:
        return await self._take_in("square", request)

    async def order(self, request: Request) -> Response:
        name = request.path_params["provider"]
        # Square's way in is its own.
        return await self._take_in(name if name != "square" else "", request)

    async def _take_in(self, name: str, request: Request) -> Response:
        provider = self._providers.get(name)
        if provider is None:
            return self._answer("unknown", "no_provider", 404, "there is no such provider")
        try:
            body = await read_body(request)
        except TooLargeError:
            return self._answer(name, "too_large", 413, f"the body is larger than {MOST_BYTES} bytes", is_last=True)
        except ClientDisconnect:
            return self._answer(name, "broken_off", 400, "the body did not come to its end", is_last=True)
        if not provider.is_signed(request.headers, body):
            log.warning("webhook_unsigned", provider=name)
            return self._answer(name, "unsigned", 401, "the signature is missing, wrong or too old")
        event = provider.read(request.headers, body)
        if event is None:
            return self._answer(name, "ignored", 200)
        try:
            await self._writer.commit(event)
        except UnavailableError as error:
            return self._answer(name, "unavailable", 503, str(error))
        if event.unreadable is not None:
            log.warning("webhook_dead_letter", provider=name, reason=event.unreadable)
            return self._answer(name, "dead_letter", 200)
        return self._answer(name, "committed", 200)

    def _answer(self, name: str, result: str, status: int, error: str = "", is_last: bool = False) -> Response:
        self._count(name, result).inc()
        if not error:
            return Response(status_code=status)
        headers = {}
        if status == 503:
            headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        if is_last:
            # What is left of the body is not read: the connection cannot be used again.
            headers["Connection"] = "close"
        return JSONResponse({"error": error}, status, headers)
