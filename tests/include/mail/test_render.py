from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from jinja2 import UndefinedError

from include.mail.render import day, money, number, percent, render, time_at

FAILURE = {
    "dag_id": "square_sync",
    "task_id": "load [3]",
    "run_id": "manual__2026-11-20",
    "logical_date": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "try_number": 4,
    "error": "ValueError: 1 < 2 & <script>alert(1)</script>",
    "log_url": "http://127.0.0.1:8080/dags/square_sync?a=1&b=2",
    "runbook": "Look at the log.",
}


def test_html_and_text_come_from_one_context() -> None:
    mail = render("failure", **FAILURE)
    for part in (mail.html, mail.text):
        assert "square_sync failed" in part
        assert "Look at the log." in part
        assert "2026-11-20 12:00 UTC" in part


def test_html_is_escaped_and_text_is_not() -> None:
    mail = render("failure", **FAILURE)
    assert "<script>" not in mail.html
    assert "1 < 2 & <script>" in mail.text


def test_a_runbook_is_markdown_and_no_html() -> None:
    mail = render("failure", **{**FAILURE, "runbook": "- *Lost*: see `x`\n  and <b>y</b>, [z](javascript:alert(1))"})
    assert "<li><em>Lost</em>: see <code>x</code>\nand &lt;b&gt;y&lt;/b&gt;" in mail.html
    assert 'href="javascript' not in mail.html


def test_a_run_without_a_date_and_a_dag_without_a_runbook_are_told_as_such() -> None:
    mail = render("failure", **{**FAILURE, "logical_date": None, "runbook": ""})
    assert "started by an event" in mail.html
    assert "When it fails" not in mail.html + mail.text


def test_a_name_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="error"):
        render("failure", **{name: value for name, value in FAILURE.items() if name != "error"})


@pytest.mark.parametrize(
    ("cents", "currency", "shown"),
    [(123456, "USD", "$1,234.56"), (-5, "USD", "-$0.05"), (500, "JPY", "¥500"), (12345, "KWD", "KWD12.345")],
)
def test_money_is_shown_to_its_last_minor_unit(cents: int, currency: str, shown: str) -> None:
    assert money(cents, currency) == shown


def test_numbers_and_days_read_as_people_write_them() -> None:
    assert number(1234567) == "1,234,567"
    assert percent(Decimal("0.125")) == "12.5%"
    assert day(date(2026, 11, 20)) == "Fri, Nov 20, 2026"


@pytest.mark.parametrize(("hour", "shown"), [(5, "Sun, Nov 1, 2026, 01:30 EDT"), (6, "Sun, Nov 1, 2026, 01:30 EST")])
def test_times_are_those_of_the_location_also_in_the_night_with_two_half_past_ones(hour: int, shown: str) -> None:
    assert time_at(datetime(2026, 11, 1, hour, 30, tzinfo=UTC), "America/New_York") == shown
