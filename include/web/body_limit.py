"""No request body is larger than a report's definition can be."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.web.problems import Problem

MOST_BYTES = 512 * 1024
DETAIL = f"Send at most {MOST_BYTES // 1024} KiB."


class BodyLimit:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            await Problem(413, detail=DETAIL).response()(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_BYTES:
                # What is sent in chunks shows its size only while it is read. The routes' own handler answers.
                raise HTTPException(413, DETAIL)
            return message

        await self.app(scope, receive_counted, send)
