"""The reports' SQL files."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"


@cache
def statement(name: str) -> bytes:
    return (FOLDER / f"{name}.sql").read_bytes()
