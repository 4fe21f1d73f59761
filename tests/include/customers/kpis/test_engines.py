"""What keeps one SQL the same on two engines, and DuckDB in its place."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from include.customers import kpis
from include.customers.kpis.duckdb_engine import open_database

ROOT = Path(kpis.__file__).parent
SHARED = [
    *(path for path in ROOT.glob("sql/**/*.sql") if path.parent.name != "duckdb" and path.stem != "synced"),
    *ROOT.glob("sources/partner/*.sql"),
    *ROOT.glob("sources/*.sql"),
]


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_statement_keeps_to_what_both_engines_do_alike(path: Path) -> None:
    statement = re.sub(r"--.*", "", path.read_text())
    assert not re.search(r"\b(avg|round|now|generate_series|array_agg|percentile_\w+)\s*\(|current_date", statement)
    assert " / " not in statement, "quotients are made in ratios.py"
    assert not re.search(r"%\(\w+\)s(?!::)", statement), "a parameter has a cast"
    sums = re.findall(r"\bsum\((?!sum)", statement)
    assert len(sums) <= statement.count("::bigint"), "Postgres gives a sum as numeric, DuckDB as a wider integer"


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO '{folder}/../out.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "ATTACH '{folder}/../other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_duckdb_touches_nothing_beyond_its_folder(tmp_path: Path, statement: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    with open_database(folder) as database, pytest.raises(duckdb.Error):
        database.execute(statement.format(folder=folder))
    assert list(tmp_path.iterdir()) == [folder]


def test_what_does_not_fit_into_memory_goes_to_the_folder(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        database.execute("CREATE TABLE wide AS SELECT i, repeat(md5(i::text), 20) AS text FROM range(600000) AS t(i)")
        assert any(tmp_path.iterdir())
        assert database.execute("SELECT count(*), max(i) FROM wide").fetchone() == (600_000, 599_999)


def test_days_are_days_and_whole_numbers_are_whole(tmp_path: Path) -> None:
    with open_database(tmp_path) as database:
        assert database.execute("SELECT 7 / 2, date '2026-11-20' - 30").fetchone() == (3, date(2026, 10, 21))
