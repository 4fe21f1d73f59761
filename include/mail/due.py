"""Looks whether the outbox holds messages that nobody has woken mail_delivery for."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

POLL_SECONDS = 10.0
# After a wake-up: time for a run to start and to finish.
QUIET_SECONDS = 60.0
# Messages younger than this are usually those that the writing task's asset event is about to have sent.
OVERDUE = "5 seconds"


class OutboxDue(BaseEventTrigger):
    """Fires while messages are overdue, at most once a minute: those put off, those that failure mails wrote, those
    whose process died. It watches the table and not the clock, so that no task starts when there is nothing to send.
    """

    def __init__(self, conn_id: str = "storekeeper_db") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.conn_id = conn_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "include.mail.due.OutboxDue", {"conn_id": self.conn_id}

    async def run(self) -> AsyncGenerator[TriggerEvent, None]:
        """Does not raise for a database that is away: Airflow would start it again every second."""
        import psycopg

        from include.warehouse.connection import watch

        while True:
            try:
                async with await watch(self.conn_id, "outbox_due") as connection:
                    while not (count := await self._overdue_count(connection)):
                        await asyncio.sleep(POLL_SECONDS)
                yield TriggerEvent({"overdue": count})  # type: ignore[no-untyped-call]
            except psycopg.OperationalError as error:
                self.log.warning("The outbox cannot be read: see the connection %s: %s", self.conn_id, error)
            await asyncio.sleep(QUIET_SECONDS)

    async def _overdue_count(self, connection: Any) -> int:
        cursor = await connection.execute(
            """
            SELECT count(*) FROM outbox.message
            WHERE state IN ('new', 'claimed') AND next_attempt_at < now() - %s::interval
            """,
            [OVERDUE],
        )
        (count,) = await cursor.fetchone()
        return int(count)
