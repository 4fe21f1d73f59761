"""What is wrong in the chain's files, told with file, line and field."""

from collections.abc import Iterable
from dataclasses import dataclass

# Where a value stands in a file: the keys and list indexes that lead to it.
Field = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    field: Field
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'.'.join(map(str, self.field)) or 'the file'}: {self.message}"


class ConfigError(ValueError):
    """The chain's files are wrong; the message lists every problem, one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line, str(problem)))
        super().__init__("\n".join(map(str, self.problems)))
