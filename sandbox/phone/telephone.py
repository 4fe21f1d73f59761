"""Places calls: plays their scripts on the exchange, many at once, and remembers them for the page."""

import asyncio
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

from sandbox.phone.call import Call
from sandbox.phone.directory import BY_NUMBER, CALLERS, DEPARTMENTS
from sandbox.phone.exchange import Exchange
from sandbox.phone.model import Party
from sandbox.phone.scenarios import SCENARIOS
from sandbox.state import State

TABLES = """
CREATE TABLE IF NOT EXISTS phone_call (
    call_id INTEGER PRIMARY KEY, channel_id TEXT NOT NULL, scenario TEXT NOT NULL, caller_number TEXT NOT NULL,
    caller_name TEXT NOT NULL, dialled_number TEXT NOT NULL, placed_at TEXT NOT NULL, over_at TEXT
);
"""


class UnknownError(Exception):
    """What the telephone does not have; the message says what there is."""


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calls to place. `location` and `department` may name the number; without `caller_number` anybody calls.

    `speed`: how many of a call's seconds pass in one of ours. `linked_id`: channels show CHANNEL(linkedid), as after
    `channelvars` in Asterisk's ari.conf.
    """

    scenario: str
    caller_number: str = ""
    caller_name: str = ""
    dialled_number: str = ""
    location: str = ""
    department: str = ""
    times: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    speed: Annotated[float, msgspec.Meta(ge=1, le=1000)] = 1.0
    spacing_seconds: Annotated[float, msgspec.Meta(ge=0, le=600)] = 0.0
    linked_id: bool = False


@dataclass
class Telephone:
    """Belongs to the event loop, as the exchange does."""

    state: State
    exchange: Exchange = field(default_factory=Exchange)
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @classmethod
    def open(cls, state: State) -> "Telephone":
        state.create_tables(TABLES)
        telephone = cls(state)
        state.on_reset.append(telephone.stop)
        return telephone

    def place(self, wish: Wish) -> None:
        """Begins at once and goes on by itself. Raises UnknownError."""
        if not self.state.settings.has_phone:
            raise UnknownError("there is no telephone: set SANDBOX_ARI_USER and SANDBOX_ARI_PASSWORD")
        if wish.scenario not in SCENARIOS:
            raise UnknownError(f"no scenario {wish.scenario!r}: there are {', '.join(SCENARIOS)}")
        self._run(self._place(wish, _number(wish)))

    def calls(self, most: int = -1) -> list[dict[str, Any]]:
        """The newest first, all if `most` is negative. `over_at` is None while a call lasts, or if it was cut off."""
        rows = self.state.db.execute("SELECT * FROM phone_call ORDER BY call_id DESC LIMIT ?", [most])
        return [dict(row) for row in rows]

    def stop(self) -> None:
        """Ends everything that goes on, without an event."""
        for task in self.tasks:
            task.cancel()
        self.exchange.restart()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _place(self, wish: Wish, dialled_number: str) -> None:
        started = time.monotonic()
        seconds = SCENARIOS[wish.scenario].seconds()
        for number in range(wish.times):
            await asyncio.sleep(started + number * wish.spacing_seconds - time.monotonic())
            self._run(self._play(wish, dialled_number, seconds))

    async def _play(self, wish: Wish, dialled_number: str, seconds: float) -> None:
        """One call. It began so long ago by its own clock that it will end by that of the wall (decision 0065)."""
        exchange, placed_at, started = self.exchange, datetime.now(UTC), time.monotonic()
        began_at = placed_at - timedelta(seconds=seconds * (1 - 1 / wish.speed))
        caller = Party(wish.caller_name, wish.caller_number) if wish.caller_number else random.choice(CALLERS)
        call = Call(exchange, began_at, caller, dialled_number, wish.speed, wish.linked_id)
        asterisk_started_at, passed, call_id = exchange.started_at, 0.0, None
        for wait in SCENARIOS[wish.scenario].script(call):
            call_id = call_id or self._remember(wish.scenario, call, placed_at)
            passed += wait
            await asyncio.sleep(started + passed / wish.speed - time.monotonic())
            if exchange.started_at != asterisk_started_at:
                return  # Asterisk forgot it
            call.now = began_at + timedelta(seconds=passed)
        over_at = datetime.now(UTC).isoformat()
        self.state.db.execute("UPDATE phone_call SET over_at = ? WHERE call_id = ?", [over_at, call_id])

    def _remember(self, scenario: str, call: Call, placed_at: datetime) -> int | None:
        return self.state.db.execute(
            "INSERT INTO phone_call (channel_id, scenario, caller_number, caller_name, dialled_number, placed_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [call.root_id, scenario, call.caller.number, call.caller.name, call.dialled_number, placed_at.isoformat()],
        ).lastrowid


def _number(wish: Wish) -> str:
    """Raises UnknownError."""
    if wish.dialled_number:
        return wish.dialled_number
    for department in DEPARTMENTS:
        if wish.location in ("", department.location) and wish.department in ("", department.name):
            return department.number
    known = ", ".join(f"{one.location}: {one.name}" for one in BY_NUMBER.values())
    raise UnknownError(f"no department {wish.department!r} at {wish.location!r}: there are {known}")
