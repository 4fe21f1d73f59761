"""Kinds of values that routes take."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AwareDatetime, StringConstraints

# A bigint of Postgres.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
IdQuery = Annotated[int | None, Query(ge=1, le=2**63 - 1)]
Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Search = Annotated[Text | None, Query(description="Stands in the name or the description, in whatever case.")]
Since = Annotated[AwareDatetime | None, Query(description="Queued at this time or later (with its offset from UTC).")]
Until = Annotated[AwareDatetime | None, Query(description="Queued before this time.")]
