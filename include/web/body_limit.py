"""No request body is larger than what its route is for: a report's definition, or a partner's files."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from include.config.partner import load_partner
from include.web.problems import Problem

MOST_BYTES = 512 * 1024
# Where a partner's files come in, one or both at once.
UPLOADS = {("POST", "/partner/files"), ("POST", "/api/partner-files")}


class BodyLimit:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = most_bytes(scope)
        detail = f"Send at most {_in_words(most)}."
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > most:
            await Problem(413, detail=detail).response()(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                # What is sent in chunks shows its size only while it is read. The routes' own handler answers.
                raise HTTPException(413, detail)
            return message

        await self.app(scope, receive_counted, send)


def most_bytes(scope: Scope) -> int:
    """Of partner.yaml for its files, with room for the form around them."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if (scope["method"], path) in UPLOADS and (partner := load_partner()):
        limits = partner.limits
        return (limits.customers_megabytes + limits.orders_megabytes) * 1_000_000 + MOST_BYTES
    return MOST_BYTES


def _in_words(count: int) -> str:
    return f"{count // 1024} KiB" if count < 1_000_000 else f"{count // 1_000_000} MB"
