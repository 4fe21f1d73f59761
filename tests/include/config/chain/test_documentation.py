"""docs/reporting-schema.md: it knows every view, and what it gives as an example runs."""

import re
from pathlib import Path

import pytest

from include.sql_reports.query.guard import check
from include.sql_reports.query.running import preview
from include.warehouse.reporting_schema import read_schema
from tests.include.config.chain.conftest import Shop

PAGE = (Path(__file__).parents[4] / "docs" / "reporting-schema.md").read_text()
EXAMPLES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)


def test_the_page_lists_every_view_once(shop: Shop) -> None:
    with shop.database.connect("storekeeper_report") as connection:
        views = [view.name for view in read_schema(connection)]
    assert sorted(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == views


@pytest.mark.parametrize("sql", EXAMPLES, ids=lambda sql: sql.splitlines()[0])
def test_an_example_runs(shop: Shop, sql: str) -> None:
    assert preview(check(sql), {}, connect=lambda: shop.database.connect("storekeeper_report")).rows
