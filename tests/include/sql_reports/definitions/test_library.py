from pathlib import Path

import pytest

from include.config import ConfigError
from include.config.reports import load_reports
from include.sql_reports.definitions.audit import changes
from include.sql_reports.definitions.library import take_over
from include.sql_reports.definitions.standing_orders import list_orders
from include.sql_reports.definitions.store import change_report, delete_report, find_report, list_reports
from tests.include.config.conftest import edit, folder
from tests.include.sql_reports.conftest import Desk
from tests.include.sql_reports.reports import definition

__all__ = ["edit", "folder"]

YAML = """
reports:
  - key: numbers
    name: Numbers
    sql: numbers.sql
    cron: "0 6 * * *"
    recipients: [ana@example.com]
    rules: [{kind: row_count, minimum: 1}]
standing_orders:
  - key: weekly
    name: Weekly
    report: products_sold_report
    each: market
    params: {period: last week}
    cron: 0 6 * * 1
"""


@pytest.fixture
def chain(folder: Path) -> Path:
    """A chain with one report and one standing order for each market."""
    (folder / "reports.yaml").write_text(YAML)
    (folder / "reports" / "numbers.sql").write_text("SELECT 1 AS n")
    return folder


def test_what_is_new_comes_in_with_the_chains_defaults(desk: Desk, chain: Path) -> None:
    tally = take_over(desk.connection, load_reports(chain))
    assert (tally.created, tally.changed, tally.left) == (5, 0, 0)
    report = find_report(desk.connection, "Numbers")
    assert (report.is_from_config, report.created_by) == (True, "configuration")
    assert report.definition.owner == "operations@example.com"
    assert report.definition.timezone == "America/New_York"
    assert report.next_run_at is not None
    orders = {made.definition.name: made for made in list_orders(desk.connection)[0]}
    pacific = orders["Weekly, Pacific"].definition
    assert pacific.params == {
        "period": "last week",
        "markets": ["Pacific"],
        "recipients": ["santa.monica@example.com"],
    }
    assert pacific.timezone == "America/Los_Angeles"


def test_nothing_happens_while_nothing_changes(desk: Desk, chain: Path) -> None:
    config = load_reports(chain)
    take_over(desk.connection, config)
    assert take_over(desk.connection, config).changed == 0
    assert len(changes(desk.connection, "report", find_report(desk.connection, "Numbers").report_id)) == 1


def test_a_change_of_the_file_is_followed_until_people_change_the_report(desk: Desk, chain: Path) -> None:
    take_over(desk.connection, load_reports(chain))
    (chain / "reports" / "numbers.sql").write_text("SELECT 2 AS n")
    assert take_over(desk.connection, load_reports(chain)).changed == 1
    report = find_report(desk.connection, "Numbers")
    assert (report.definition.sql, report.version) == ("SELECT 2 AS n", 2)
    change_report(desk.connection, report.report_id, definition(sql="SELECT 3 AS n"), "ana")
    (chain / "reports" / "numbers.sql").write_text("SELECT 4 AS n")
    tally = take_over(desk.connection, load_reports(chain))
    assert (tally.changed, tally.left) == (0, 1)
    assert find_report(desk.connection, "Numbers").definition.sql == "SELECT 3 AS n"


def test_what_people_have_deleted_stays_deleted(desk: Desk, chain: Path) -> None:
    take_over(desk.connection, load_reports(chain))
    delete_report(desk.connection, find_report(desk.connection, "Numbers").report_id, "ana")
    (chain / "reports" / "numbers.sql").write_text("SELECT 2 AS n")
    assert take_over(desk.connection, load_reports(chain)).left == 1
    assert list_reports(desk.connection)[1] == 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('cron: "0 6 * * *"', "cron: often", "reports.yaml:6: reports.0.cron: 'often' is no schedule"),
        ("minimum: 1", "minimum: -1", "reports.yaml:8: reports.0.rules.0.row_count.minimum: "),
        ("recipients:", "receivers:", "reports.yaml:7: reports.0.receivers: is no field here"),
        ("0 6 * * 1", "0 6 * * 9", "reports.yaml:15: standing_orders.0.cron: "),
    ],
)
def test_what_is_wrong_is_told_by_line_and_the_others_come_in(
    desk: Desk, chain: Path, old: str, new: str, problem: str
) -> None:
    (chain / "reports.yaml").write_text(YAML.replace(old, new))
    with pytest.raises(ConfigError) as refused:
        take_over(desk.connection, load_reports(chain))
    assert problem in str(refused.value)
    assert list_reports(desk.connection)[1] + list_orders(desk.connection)[1] in (1, 4)


def test_a_statement_that_may_not_run_and_a_name_that_is_taken_are_told_too(desk: Desk, chain: Path) -> None:
    (chain / "reports" / "numbers.sql").write_text("SELECT 1,\n  pg_sleep(1)")
    with pytest.raises(ConfigError, match=r"reports.yaml:5: reports.0.sql: line 2, column 3: .*pg_sleep"):
        take_over(desk.connection, load_reports(chain))
    (chain / "reports" / "numbers.sql").write_text("SELECT 1 AS n")
    desk.report()
    with pytest.raises(ConfigError, match=r"reports.yaml:4: reports.0.name: there is another report named 'Numbers'"):
        take_over(desk.connection, load_reports(chain))
