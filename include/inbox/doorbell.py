"""Rings when the inbox has work. The bell carries no facts: whoever answers it claims rows by their state."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

# What falls due by the clock (a lapsed claim, a row put back) and what was notified while nobody listened.
POLL_SECONDS = 5.0
# A burst rings so often at most; what comes between two rings is claimed with what comes first.
QUIET_SECONDS = 0.5
RECONNECT_SECONDS = (0.5, 1.0, 2.0, 5.0)


class Doorbell(BaseEventTrigger):
    """Fires at once while rows of ``inbox.<table>`` are due, whether a NOTIFY told of them or the poll found them."""

    def __init__(self, table: str, conn_id: str = "storekeeper_db") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.table = table
        self.conn_id = conn_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "include.inbox.doorbell.Doorbell", {"table": self.table, "conn_id": self.conn_id}

    async def run(self) -> AsyncGenerator[TriggerEvent, None]:
        """Does not raise for a database that is away: Airflow would start it again every second."""
        import psycopg
        from psycopg import sql

        from include.warehouse.connection import watch

        channel = sql.Identifier(f"inbox_{self.table}")
        failures = 0
        while True:
            try:
                async with await watch(self.conn_id, f"doorbell_{self.table}") as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(channel))
                    failures = 0
                    while True:
                        if await self._is_due(connection):
                            yield TriggerEvent({"inbox": self.table})  # type: ignore[no-untyped-call]
                            await asyncio.sleep(QUIET_SECONDS)
                        async for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                            pass
            except psycopg.OperationalError as error:
                self.log.warning("The inbox cannot be read: see the connection %s: %s", self.conn_id, error)
            await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
            failures += 1

    async def _is_due(self, connection: Any) -> bool:
        from psycopg import sql

        query = sql.SQL(
            "SELECT EXISTS (SELECT FROM {} WHERE state IN ('new', 'claimed') AND next_attempt_at <= now())"
        ).format(sql.Identifier("inbox", self.table))
        cursor = await connection.execute(query)
        (is_due,) = await cursor.fetchone()
        return bool(is_due)
