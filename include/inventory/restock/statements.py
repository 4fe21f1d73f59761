"""The SQL files of restock."""

from functools import cache
from pathlib import Path
from typing import LiteralString

SQL = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> LiteralString:
    return (SQL / f"{name}.sql").read_text()
