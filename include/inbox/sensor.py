"""Waits, without a slot, until the inbox has work: for DAGs that are not started by the doorbell themselves."""

from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator

from include.inbox.doorbell import Doorbell


class InboxSensor(BaseSensorOperator):
    """Succeeds as soon as rows of ``inbox.<table>`` are due. The next task claims them (``include.inbox.claims.work``):
    what the sensor has seen, another process may have taken by then.
    """

    def __init__(self, *, table: str, conn_id: str = "storekeeper_db", **options: Any) -> None:
        super().__init__(**options)
        self.table = table
        self.conn_id = conn_id

    def execute(self, context: Any) -> None:  # noqa: ARG002 (Airflow's signature)
        """Defers at once: the doorbell looks at the table before it listens."""
        self.defer(
            trigger=Doorbell(self.table, self.conn_id),
            method_name="execute_complete",
            timeout=timedelta(seconds=self.timeout),
        )

    def execute_complete(self, context: Any, event: dict[str, Any]) -> None:  # noqa: ARG002 (Airflow's)
        self.log.info("inbox.%s has work", event["inbox"])
