"""Looks whether a report or a standing order is due, for report_dispatch."""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

# Changes of schedules are seen within this time; a time that is known is met to the second.
POLL_SECONDS = 5.0
# After a wake-up: time for a run to start and to claim.
QUIET_SECONDS = 15.0
UNSTARTED_QUIET_SECONDS = 120.0
AWAY_SECONDS = 30.0


class ReportsDue(BaseEventTrigger):
    """Fires when the next time of a report or standing order has come, and while a run that is queued does not start.

    Fires once when it starts, too: after an upgrade report_dispatch takes over the configuration's reports at once. It
    watches the tables and not the clock, so that no task starts when there is nothing to do.
    """

    def __init__(self, conn_id: str = "storekeeper_db") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.conn_id = conn_id

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "include.sql_reports.dispatch.due.ReportsDue", {"conn_id": self.conn_id}

    async def run(self) -> AsyncGenerator[TriggerEvent, None]:
        """Does not raise for a database that is away: Airflow would start it again every second."""
        import psycopg

        from include.warehouse.connection import watch

        yield TriggerEvent({"reason": "started"})  # type: ignore[no-untyped-call]
        patient_until = 0.0
        while True:
            try:
                async with await watch(self.conn_id, "reports_due") as connection:
                    while True:
                        wait, has_unstarted = await self._look(connection)
                        if wait <= 0:
                            yield TriggerEvent({"reason": "due"})  # type: ignore[no-untyped-call]
                            await asyncio.sleep(QUIET_SECONDS)
                        elif has_unstarted and time.monotonic() >= patient_until:
                            yield TriggerEvent({"reason": "unstarted"})  # type: ignore[no-untyped-call]
                            patient_until = time.monotonic() + UNSTARTED_QUIET_SECONDS
                        else:
                            await asyncio.sleep(min(wait, POLL_SECONDS))
            except psycopg.OperationalError as error:
                self.log.warning("Reports cannot be read: see the connection %s: %s", self.conn_id, error)
            await asyncio.sleep(AWAY_SECONDS)

    async def _look(self, connection: Any) -> tuple[float, bool]:
        """Seconds until the next time, and whether a run was queued minutes ago and has not started.

        What has not started for longer the hourly run of report_dispatch sees to: its DAG may be off.
        """
        cursor = await connection.execute(
            """
            SELECT extract(epoch FROM least(
                    (SELECT min(next_run_at) FROM reports.report WHERE next_run_at IS NOT NULL),
                    (SELECT min(next_run_at) FROM reports.standing_order WHERE next_run_at IS NOT NULL)
                ) - now())::float,
                EXISTS (
                    SELECT FROM reports.report_run
                    WHERE state = 'queued'
                        AND queued_at BETWEEN now() - interval '10 minutes' AND now() - interval '2 minutes'
                )
            """
        )
        seconds, has_unstarted = await cursor.fetchone()
        return (POLL_SECONDS if seconds is None else seconds), has_unstarted
