"""Faults that are switched on over HTTP and strike the stand-ins' answers."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any, Literal

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Fault:
    """What goes wrong, and for which requests.

    It strikes requests whose method (any if empty) and path prefix match (`/square/v2/orders`; SMTP asks with the
    method `SMTP`), for the next `times` of them (for ever if None), each with `probability`, drawn from a generator
    seeded with `seed`.

    `latency_ms` delays the answer; `status` answers instead of the stand-in, which then changes nothing; `retry_after`
    seconds are announced with it as `retry_after_as` says, or not at all if None; `lost_reply` lets the stand-in do
    its work and then drops the connection without an answer.
    """

    latency_ms: int = 0
    status: int | None = None
    retry_after: int | None = None
    retry_after_as: Literal["seconds", "date"] = "seconds"
    lost_reply: bool = False
    method: str = ""
    path: str = "/"
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    random: Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise ValueError("probability must lie between 0 and 1")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status must lie between 400 and 599")
        if self.retry_after_as not in ("seconds", "date"):
            raise ValueError("retry_after_as must be 'seconds' or 'date'")
        self.random = Random(self.seed)

    def strikes(self, method: str, path: str) -> bool:
        if self.times == 0 or self.method not in ("", method) or not path.startswith(self.path):
            return False
        if self.random.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def headers(self) -> dict[str, str]:
        if self.retry_after is None:
            return {}
        if self.retry_after_as == "seconds":
            return {"Retry-After": str(self.retry_after)}
        return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=self.retry_after), usegmt=True)}

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "random"}


class Faults(dict[str, Fault]):
    """The faults that are switched on, by name."""

    def strike(self, method: str, path: str) -> list[Fault]:
        """The faults that hit this request; each counts it."""
        return [fault for fault in self.values() if fault.strikes(method, path)]


class FaultGate:
    """Stands before a stand-in. `refusal(status)` is the body of an error in the stand-in's own shape."""

    def __init__(self, app: ASGIApp, faults: Faults, refusal: Callable[[int], Mapping[str, Any]]) -> None:
        self.app = app
        self.faults = faults
        self.refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not (struck := self.faults.strike(scope["method"], scope["path"])):
            await self.app(scope, receive, send)
            return
        await asyncio.sleep(sum(fault.latency_ms for fault in struck) / 1000)
        refusing = next((fault for fault in struck if fault.status is not None), None)
        if refusing is not None and refusing.status is not None:
            await self._refuse(refusing.status, refusing.headers(), send)
        elif any(fault.lost_reply for fault in struck):
            await self.app(scope, receive, _swallow)
            scope["state"]["transport"].close()
            await asyncio.sleep(0)  # lets the server see that the connection is gone, so that it misses no answer
        else:
            await self.app(scope, receive, send)

    async def _refuse(self, status: int, headers: Mapping[str, str], send: Send) -> None:
        body = json.dumps(self.refusal(status)).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
        raw = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


async def _swallow(_: Message) -> None:
    """Takes the answer that nobody will see."""
