"""Trying a report's SQL out before it is saved."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from include.config.model import Many, Model
from include.sql_reports.definitions.definition import LONGEST_SQL, TimeZone
from include.sql_reports.query.guard import check
from include.sql_reports.query.parameters import Parameter, resolve
from include.sql_reports.query.running import describe, preview
from include.web.security import Editor
from include.web.trials import TryOut

router = APIRouter(tags=["reports"], prefix="/reports")


class Draft(Model):
    """SQL with its parameters, as a report's definition has them."""

    sql: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_SQL, pattern=r"^[^\x00]*$")]
    parameters: Many[Parameter] = ()
    timezone: TimeZone = "UTC"


class DraftWithValues(Draft):
    """`values`: of the parameters; those left out have their defaults."""

    values: Annotated[dict[str, Any], Field(default_factory=dict)]


class Column(BaseModel):
    """`type` as Postgres names it; `kind`: how files write it."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    type: str
    kind: str


class Validated(BaseModel):
    columns: list[Column]


class Previewed(BaseModel):
    """At most 50 rows; `is_cut`: there are more. Decimal numbers are texts, so that they stay exact."""

    columns: list[Column]
    rows: list[list[Any]]
    is_cut: bool
    seconds: float


@router.post("/validate")
async def validate_sql(user: Editor, tries: TryOut, draft: Draft) -> Validated:
    """Whether the SQL may be run, and which columns it brings. It is not run. 422 says what is wrong, and where."""
    return await tries.run(user.name, _validated, draft)


@router.post("/preview")
async def preview_rows(user: Editor, tries: TryOut, draft: DraftWithValues) -> Previewed:
    """The first rows, within ten seconds."""
    return await tries.run(user.name, _previewed, draft)


def _validated(draft: Draft) -> Validated:
    columns = describe(check(draft.sql, draft.parameters), timezone=draft.timezone)
    return Validated(columns=[Column.model_validate(column) for column in columns])


def _previewed(draft: DraftWithValues) -> Previewed:
    statement = check(draft.sql, draft.parameters)
    values = resolve(draft.parameters, draft.values, now=datetime.now(UTC), timezone=draft.timezone)
    found = preview(statement, values, timezone=draft.timezone)
    return Previewed(
        columns=[Column.model_validate(column) for column in found.columns],
        rows=[list(row) for row in found.rows],
        is_cut=found.is_cut,
        seconds=round(found.seconds, 3),
    )
