"""`GET /health`: can the listener do its work? For the container's health check and for people; nothing personal."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from listener.calls import CallWatch
from listener.webhooks.group_commit import GroupCommit, UnavailableError

DATABASE_SECONDS = 2.0


class Health:
    """200 while everything works, 503 with `problems` otherwise."""

    def __init__(self, writer: GroupCommit, calls: CallWatch) -> None:
        self._writer = writer
        self._calls = calls

    async def show(self, _: Request) -> Response:
        calls = self._calls.status()
        problems = list(calls["problems"])
        try:
            await self._writer.check(DATABASE_SECONDS)
        except UnavailableError as error:
            problems.append(str(error))
        status = {
            "is_healthy": not problems,
            "problems": problems,
            "webhooks": {"waiting_count": self._writer.waiting_count, "last_event_at": self._writer.last_event_at},
            "calls": calls,
        }
        return Response(msgspec.json.encode(status), 503 if problems else 200, media_type="application/json")
