"""A run and what belongs to it, as the schema ``reports`` holds them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

State = Literal["queued", "running", "success", "failed", "skipped"]
ENDED: tuple[State, ...] = ("success", "failed", "skipped")


class NotFoundError(LookupError):
    """There is no such run or file; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a report.

    :param asked_by: an Airflow user's name; ``schedule`` when the time had come.
    :param conf: what its Airflow run is started with.
    :param parameters: as asked for, or, once it runs, as resolved.
    :param breaches: ``{rule, message, on_breach}`` each.
    """

    run_id: int
    dag_id: str
    dag_run_id: str
    report_id: int | None
    standing_order_id: int | None
    title: str
    state: State
    asked_by: str
    due_at: datetime | None
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt_count: int
    conf: dict[str, Any]
    parts: dict[str, Any]
    sql: str | None
    parameters: dict[str, Any]
    row_count: int | None
    byte_count: int | None
    digest: str | None
    sheet_url: str | None
    breaches: list[dict[str, Any]]
    note: str | None
    error: str | None

    @property
    def is_live(self) -> bool:
        return self.state not in ENDED

    @property
    def seconds(self) -> float | None:
        """How long it has run; None before its start and while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at and self.started_at else None


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a run. `path`: below the outputs' folder. `location_name`: whose part of the report it is."""

    file_id: int
    run_id: int
    format: str
    filename: str
    path: str
    byte_count: int
    location_name: str | None
    created_at: datetime
    deleted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Notification:
    """A mail about a run. `state`: the message's in the outbox; None when the outbox no longer has it."""

    notification_id: int
    run_id: int
    kind: Literal["report", "resend", "failure", "breach"]
    recipients: list[str]
    message_id: UUID
    decided_at: datetime
    asked_by: str
    state: str | None
    sent_at: datetime | None
    last_error: str | None
