"""No request body is larger than a report's definition can be."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.web.problems import Problem

MOST_BYTES = 512 * 1024


class BodyLimit:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        too_large = Problem(413, detail=f"Send at most {MOST_BYTES // 1024} KiB.").response()
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            await too_large(scope, receive, send)
            return
        received = 0
        started = False

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_BYTES:
                raise _TooLargeError
            return message

        async def send_noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive_counted, send_noted)
        except _TooLargeError:
            if started:
                raise
            await too_large(scope, receive, send)


class _TooLargeError(Exception):
    """Without Content-Length (chunked) it shows only while reading."""
