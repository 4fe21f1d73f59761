"""What a report's rows are held to. Which of the rules they break, `include.sql_reports.making.checking` says."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from include.config.model import Many, Model, Name

OnBreach = Literal["warn", "withhold"]


class _Rule(Model):
    """`on_breach`: warn in the mail, or withhold it; the owner is told in either case."""

    on_breach: OnBreach = "warn"


class _Range(_Rule):
    @model_validator(mode="after")
    def _states_a_range(self) -> "_Range":
        minimum, maximum = getattr(self, "minimum", None), getattr(self, "maximum", None)
        if minimum is None and maximum is None:
            raise ValueError("states neither minimum nor maximum")
        if minimum is not None and maximum is not None and minimum > maximum:
            raise ValueError(f"its minimum {minimum} is above its maximum {maximum}")
        return self


class RowCount(_Range):
    """There are at least and at most so many rows."""

    kind: Literal["row_count"]
    minimum: Annotated[int, Field(ge=0)] | None = None
    maximum: Annotated[int, Field(ge=0)] | None = None

    def __str__(self) -> str:
        return f"row count {_between(self.minimum, self.maximum)}"


class NotNull(_Rule):
    """Every row has a value in the column."""

    kind: Literal["not_null"]
    column: Name

    def __str__(self) -> str:
        return f"{self.column} not empty"


class Unique(_Rule):
    """No two rows have the same values in the columns; rows that lack one of them do not count, as in SQL."""

    kind: Literal["unique"]
    columns: Annotated[Many[Name], Field(min_length=1)]

    def __str__(self) -> str:
        return f"{', '.join(self.columns)} unique"


# What JSON and YAML say as a number.
Number = Annotated[Decimal, Field(strict=False, allow_inf_nan=False)]


class Range(_Range):
    """The column's numbers lie within the range; rows without one do not count."""

    kind: Literal["range"]
    column: Name
    minimum: Number | None = None
    maximum: Number | None = None

    def __str__(self) -> str:
        return f"{self.column} {_between(self.minimum, self.maximum)}"


class Freshness(_Rule):
    """The column's newest time, or the end of its newest day, is not older than so many hours when the run was due."""

    kind: Literal["freshness"]
    column: Name
    max_age_hours: Annotated[int, Field(ge=1, le=24 * 366)]

    def __str__(self) -> str:
        return f"{self.column} no older than {self.max_age_hours} h"


Rule = Annotated[RowCount | NotNull | Unique | Range | Freshness, Field(discriminator="kind")]


def _between(minimum: object, maximum: object) -> str:
    if maximum is None:
        return f"at least {minimum}"
    return f"at most {maximum}" if minimum is None else f"from {minimum} to {maximum}"
