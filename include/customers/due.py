"""Looks whether a partner's file has come, for customer_orders_report.

Outside of `deliveries`, which a DAG file would have to import whole.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Hashable
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

POLL_SECONDS = 1.0
AWAY_SECONDS = 10.0
# What is still there after a wake-up is told of again, at first after this time, then after twice as long each time.
AGAIN_SECONDS = 60.0
MOST_AGAIN_SECONDS = 3600.0
# What a run has received from the folder it takes in itself, unless it has ended before.
FORGOTTEN = "10 minutes"


class FilesDue(BaseEventTrigger):
    """Fires when a file lies whole in the watched folder, or was uploaded and is not taken in yet.

    For each file at once, within 3 s; for what a run has left there again after a minute, and then ever more rarely.
    """

    def __init__(self, conn_id: str = "storekeeper_db") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.conn_id = conn_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "include.customers.due.FilesDue", {"conn_id": self.conn_id}

    async def run(self) -> AsyncGenerator[TriggerEvent, None]:
        """Does not raise for a database or a folder that is away: Airflow would start it again every second."""
        import psycopg

        from include.warehouse.connection import watch

        told: set[Hashable] = set()
        again_at, again_seconds = 0.0, AGAIN_SECONDS
        while True:
            try:
                async with await watch(self.conn_id, "files_due") as connection:
                    while True:
                        due = await self._look(connection)
                        if due - told:
                            again_seconds = AGAIN_SECONDS
                        elif due and time.monotonic() >= again_at:
                            again_seconds = min(2 * again_seconds, MOST_AGAIN_SECONDS)
                        else:
                            told &= due
                            await asyncio.sleep(POLL_SECONDS)
                            continue
                        told, again_at = due, time.monotonic() + again_seconds
                        yield TriggerEvent({"file_count": len(due)})  # type: ignore[no-untyped-call]
            except psycopg.OperationalError as error:
                self.log.warning("Received files cannot be read: see the connection %s: %s", self.conn_id, error)
            except OSError as error:
                self.log.warning("The partner files' folder cannot be read: see STOREKEEPER_PARTNER_FILES: %s", error)
            await asyncio.sleep(AWAY_SECONDS)

    async def _look(self, connection: Any) -> set[Hashable]:
        """What there is to do: files in the folder as they lie there, ids of files that were received."""
        from include.customers.deliveries.incoming import whole_files

        cursor = await connection.execute(
            """
            SELECT file_id FROM partner.file
            WHERE state = 'received' AND (came_by = 'upload' OR received_at < now() - %s::interval)
            """,
            [FORGOTTEN],
        )
        received = {file_id for (file_id,) in await cursor.fetchall()}
        # Its folder may be another machine's, which must not keep all triggers waiting.
        return received | set(await asyncio.to_thread(whole_files))
