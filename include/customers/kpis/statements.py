"""The KPIs' statements, by the names of their files."""

from pathlib import Path

from include.warehouse.statements import statements_in

statement = statements_in(Path(__file__).parent / "sql")
