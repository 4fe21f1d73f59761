from pathlib import Path

import pytest

from include.config import ConfigError
from include.config.reports import load_reports


def test_a_chain_without_the_file_has_no_reports(folder: Path) -> None:
    (folder / "reports.yaml").unlink()
    config = load_reports(folder)
    assert (config.reports, config.standing_orders) == ((), ())


def test_an_empty_file_is_none(folder: Path) -> None:
    (folder / "reports.yaml").write_text("# nothing yet\n")
    assert load_reports(folder).reports == ()


def test_the_statement_comes_from_the_file_beside_it(folder: Path) -> None:
    (folder / "reports" / "a.sql").write_text("SELECT 1")
    (folder / "reports.yaml").write_text("reports: [{key: a, name: A, sql: a.sql, timezone: UTC, row_limit: 5}]")
    [entry] = load_reports(folder).reports
    assert entry.key == "a"
    assert entry.values == {
        "name": "A",
        "sql": "SELECT 1",
        "timezone": "UTC",
        "row_limit": 5,
        "owner": "operations@example.com",
    }
    (folder / "reports" / "a.sql").write_text("SELECT 2")
    assert load_reports(folder).reports[0].values["sql"] == "SELECT 2"


def test_an_order_for_each_market_asks_for_the_markets_places(folder: Path) -> None:
    (folder / "reports.yaml").write_text(
        "standing_orders: [{key: s, name: Sales, report: sales_report, each: market, cron: 0 6 * * 1}]"
    )
    orders = {entry.key: entry.values for entry in load_reports(folder).standing_orders}
    assert orders["s/Midwest"] == {
        "name": "Sales, Midwest",
        "dag_id": "sales_report",
        "params": {"locations": ["Chicago Loop"]},
        "cron": "0 6 * * 1",
        "timezone": "America/Chicago",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("reports: [{key: a, name: A, sql: no.sql}]", "reports.yaml:1: reports.0.sql: there is no file reports/no.sql"),
        ("reports:\n  - {name: A, sql: a.sql}", "reports.yaml:2: reports.0.key: is missing"),
        ("reports: [{key: a, name: A, sql: ../a.sql}]", "reports.0.sql: "),
        (
            "standing_orders:\n  - &a {key: a, name: A, report: sales_report, cron: x}\n  - *a",
            "standing_orders.1.key: 'a' is taken by line 2",
        ),
        ("standing_orders: [{key: a, name: A, report: restock, cron: x}]", "standing_orders.0.report: "),
        ("surprise: 1", "reports.yaml:1: surprise: is no field here"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_field(folder: Path, text: str, problem: str) -> None:
    (folder / "reports.yaml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_reports(folder)
    assert problem in str(refused.value)
