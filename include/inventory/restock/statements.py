"""The SQL files of restock."""

from pathlib import Path

from include.warehouse.statements import statements_in

statement = statements_in(Path(__file__).parent / "sql")
