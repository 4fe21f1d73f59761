"""A partner's file, read into typed rows: a row that is wrong is told of, a file that is wrong ends the reading."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from include.config.partner import Kind, Partner
from include.customers.intake.rows import Problem, Row

Format = Literal["csv", "xlsx", "xml"]
MOST_PROBLEMS = 10_000


class Intake:
    """A file that can be read; made by `open_file`.

    :ivar format: what the file is.
    :ivar encoding: its character encoding, a codec's name; None of a workbook.
    :ivar columns: ``{"missing": […], "extra": […], "renamed": {as given: as known}}``; whole after the last row.
    :ivar row_count: rows read so far; all of them after the last, as the other counts are.
    :ivar taken_count: those that were yielded. :ivar rejected_count: those that were left out.
    :ivar problems: the first 10,000.
    :ivar problem_counts: all, ``[{"column": …, "kind": …, "is_rejected": …, "count": …}]``.
    """

    format: Format
    encoding: str | None
    columns: dict[str, Any]
    row_count: int
    taken_count: int
    rejected_count: int
    problems: list[Problem]

    @property
    def problem_counts(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def rows(self) -> Iterator[Row]:
        """The rows that can be taken in, in the file's order, in constant memory. To be read once.

        :raises QuarantineError: at any row where the file is broken, and after the last when too many were rejected.
        """
        raise NotImplementedError


def open_file(path: Path, kind: Kind, partner: Partner) -> Intake:
    """Looks at a file's format, encoding and columns, and is ready to read its rows.

    :raises QuarantineError: when the file cannot be read.
    """
    raise NotImplementedError
