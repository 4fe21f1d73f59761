"""SQL files, each read once. The warehouse's stand by layer and table."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import LiteralString


def statements_in(folder: Path) -> Callable[[str], LiteralString]:
    """The statements of a folder, by the names of their files without suffix."""

    @cache
    def statement(name: str) -> LiteralString:
        return (folder / f"{name}.sql").read_text()

    return statement


# Layer and table, as in ``"silver/orders"``.
statement = statements_in(Path(__file__).parent / "sql")
