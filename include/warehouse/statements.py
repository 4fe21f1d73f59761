"""The warehouse's SQL files, by layer and table."""

from functools import cache
from pathlib import Path
from typing import LiteralString

FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> LiteralString:
    """:param name: layer and table, as in ``"silver/orders"``."""
    return (FOLDER / f"{name}.sql").read_text()
