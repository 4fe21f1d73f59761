"""What answers say of a report or a standing order beside its definition."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from include.sql_reports.definitions.audit import Change
from include.sql_reports.definitions.schedule import in_words


class LastRun(BaseModel):
    """The newest run."""

    run_id: int
    state: Literal["queued", "running", "success", "failed", "skipped"]
    queued_at: datetime
    finished_at: datetime | None
    row_count: int | None
    note: str | None
    error: str | None


class SavedFields(BaseModel):
    """`schedule`: the cron expression in words. `next_run_at`: empty when it is switched off or has no schedule."""

    version: int
    schedule: str | None
    next_run_at: datetime | None
    is_from_config: bool
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    last_run: LastRun | None


def saved_fields(saved: Any) -> dict[str, Any]:
    """:param saved: a Report or a StandingOrder."""
    cron = saved.definition.cron
    return {
        "version": saved.version,
        "schedule": in_words(cron) if cron else None,
        "next_run_at": saved.next_run_at,
        "is_from_config": saved.is_from_config,
        "created_at": saved.created_at,
        "created_by": saved.created_by,
        "updated_at": saved.updated_at,
        "updated_by": saved.updated_by,
        "last_run": saved.last_run,
    }


class ChangeMade(BaseModel):
    """Who changed what: `fields` names what differs between `before` and `after`."""

    model_config = ConfigDict(from_attributes=True)

    change_id: int
    changed_at: datetime
    changed_by: str
    action: Literal["created", "updated", "deleted"]
    fields: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def change_made(change: Change) -> ChangeMade:
    return ChangeMade.model_validate(change)
