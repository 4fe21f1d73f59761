"""Whole reports: out of gold, into a file, a sheet of the stand-in and the outbox."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include.config import load_chain
from include.report_runs import file_path, files_of, find_run, notifications_of
from include.sales.report.run import report_chain, report_location
from tests.conftest import Database
from tests.include.sales.report.shop import FRIDAY, Shop
from tests.sandbox_process import Sandbox

DUE = datetime(2026, 11, 21, 13, tzinfo=UTC)


def context(started_at: datetime = DUE, run_after: datetime = DUE, **params: Any) -> dict[str, Any]:
    """As much of a task's context as a report reads."""
    defaults: dict[str, Any] = {"date": None, "period": "day", "group_by": "variation", "locations": [], "mail": True}
    run = SimpleNamespace(
        data_interval_end=run_after, run_after=run_after, start_date=started_at, dag_id="sales_report",
        run_id=f"manual__{started_at:%H%M}", run_type="manual", conf=params, triggering_user_name="ana",
    )  # fmt: skip
    return {"params": defaults | params, "dag_run": run}


@pytest.fixture
def outputs(database: Database, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points the connections at this test's database and stand-in; the folder that files go to."""
    storekeeper_db = {
        "conn_type": "postgres",
        "host": str(database.server.socket),
        "schema": database.name,
        "login": "storekeeper_app",
    }
    google = {
        "conn_type": "google_cloud_platform",
        "extra": {"keyfile_dict": sandbox.google_keyfile, "api_root": sandbox.google_url},
    }
    monkeypatch.setenv("AIRFLOW_CONN_STOREKEEPER_DB", json.dumps(storekeeper_db))
    monkeypatch.setenv("AIRFLOW_CONN_GOOGLE_DEFAULT", json.dumps(google))
    monkeypatch.setenv("STOREKEEPER_OUTPUTS", str(tmp_path / "outputs"))
    return tmp_path / "outputs"


@pytest.fixture
def keys(shop: Shop) -> dict[str, int]:
    """The demo chain, each location with one order on Friday and one a week before."""
    pizza = shop.offers("Hawaiian", "L")
    keys = {location.name: shop.opens(location) for location in load_chain().locations}
    for key in keys.values():
        shop.sells(key, FRIDAY, {"product": pizza, "gross": 1500}, tip=200)
        shop.sells(key, FRIDAY - timedelta(weeks=1), {"product": pizza, "gross": 1000})
    shop.closes_the_books()
    return keys


def mails(connection: psycopg.Connection) -> list[tuple[list[str], str]]:
    return list(connection.execute("SELECT recipients, subject FROM outbox.message ORDER BY created_at"))


@pytest.mark.usefixtures("keys")
def test_a_location_gets_file_sheet_and_mail(outputs: Path, connection: psycopg.Connection) -> None:
    outcome = report_location("Chicago Loop", context())

    assert outcome["csv"] == "sales_report_chicago-loop_2026-11-20_20261121T130000Z.csv"
    assert "Hawaiian" in (outputs / outcome["csv"]).read_text("utf-8-sig")
    assert str(outcome["sheet"]).startswith("http")
    assert outcome["mailed"] is True
    assert mails(connection) == [(["chicago@example.com"], "Chicago Loop, Fri, Nov 20: $15.00 (+50%)")]
    (body,) = connection.execute("SELECT html_body FROM outbox.message").fetchone() or ("",)
    assert outcome["sheet"] in body


@pytest.mark.usefixtures("keys", "outputs")
def test_the_chain_gets_all_locations_side_by_side(connection: psycopg.Connection) -> None:
    report_chain(context())
    ((recipients, subject),) = mails(connection)
    assert recipients == list(load_chain().report_recipients)
    assert subject == "Storekeeper Pizza, Fri, Nov 20: $60.00 (+50%)"


@pytest.mark.usefixtures("keys")
def test_a_rerun_replaces_the_tab_and_mails_nothing(outputs: Path, connection: psycopg.Connection) -> None:
    first = report_location("Manhattan", context())
    again = report_location("Manhattan", context(started_at=DUE + timedelta(hours=1)))
    assert again["sheet"] == first["sheet"]
    assert again["mailed"] is False
    assert len(mails(connection)) == 1
    assert len(list(outputs.iterdir())) == 2


@pytest.mark.usefixtures("outputs")
def test_a_late_order_makes_a_corrected_mail(shop: Shop, keys: dict[str, int], connection: psycopg.Connection) -> None:
    report_location("Manhattan", context())
    shop.sells(keys["Manhattan"], FRIDAY, {"product": shop.offers("Cola"), "gross": 300})
    shop.closes_the_books()
    report_location("Manhattan", context())
    assert [subject for _, subject in mails(connection)] == [
        "Manhattan, Fri, Nov 20: $15.00 (+50%)",
        "Corrected: Manhattan, Fri, Nov 20: $18.00 (+80%)",
    ]


@pytest.mark.usefixtures("keys", "outputs")
def test_an_open_day_is_reported_so_far(connection: psycopg.Connection, shop: Shop) -> None:
    shop.synced(load_chain().location("Manhattan"), datetime(2026, 11, 20, 20, 15, tzinfo=UTC))
    shop.closes_the_books()
    noon = datetime(2026, 11, 20, 20, 20, tzinfo=UTC)
    report_location("Manhattan", context(run_after=noon, date="2026-11-20"))
    assert mails(connection) == [(["manhattan@example.com"], "So far: Manhattan, Fri, Nov 20: $15.00")]


@pytest.mark.usefixtures("keys")
def test_a_year_by_market_is_a_report_of_the_chain(outputs: Path, connection: psycopg.Connection) -> None:
    asked = context(period="year", group_by="market", date="2026-03-01")
    with pytest.raises(AirflowSkipException):
        report_location("Manhattan", asked)
    outcome = report_chain(asked)
    assert outcome["csv"] == "sales_report_storekeeper-pizza_2026_by-market_20261121T130000Z.csv"
    rows = (outputs / outcome["csv"]).read_text("utf-8-sig").splitlines()
    assert sum(row.startswith("Market,") for row in rows) == 4
    assert mails(connection)[0][1] == "Storekeeper Pizza, 2026 until Nov 20 by market: $100.00"


@pytest.mark.usefixtures("keys", "outputs")
def test_mails_can_be_left_out(connection: psycopg.Connection) -> None:
    assert report_location("Manhattan", context(mail=False))["mailed"] is False
    assert mails(connection) == []


@pytest.mark.usefixtures("keys", "outputs")
def test_a_chain_without_google_does_without_sheets(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_GOOGLE_DEFAULT")
    outcome = report_location("Manhattan", context())
    assert outcome["sheet"] is None
    assert len(mails(connection)) == 1


@pytest.mark.usefixtures("keys", "outputs")
def test_one_location_alone_needs_no_report_of_the_chain() -> None:
    asked = context(locations=["Manhattan"])
    with pytest.raises(AirflowSkipException):
        report_chain(asked)
    with pytest.raises(AirflowSkipException, match="Santa Monica is not asked for"):
        report_location("Santa Monica", asked)


@pytest.mark.usefixtures("keys", "outputs")
def test_a_day_that_has_not_begun_is_no_failure() -> None:
    with pytest.raises(AirflowSkipException, match="December 24, 2026 has not begun at Manhattan"):
        report_location("Manhattan", context(date="2026-12-24"))


@pytest.mark.usefixtures("keys", "outputs")
def test_a_param_that_cannot_be_is_not_tried_again() -> None:
    with pytest.raises(AirflowFailException, match="locations: the chain has no Mars"):
        report_location("Manhattan", context(locations=["Mars"]))


@pytest.mark.usefixtures("keys", "outputs")
def test_a_run_of_several_tasks_is_one_record_with_all_their_files(connection: psycopg.Connection) -> None:
    """At the end of the last task it has ended, and shows the sheet of all locations."""
    asked = context(date="2026-11-20")
    for location in load_chain().locations:
        report_location(location.name, asked)
    running = find_run(connection, "sales_report", asked["dag_run"].run_id)
    connection.rollback()
    outcome = report_chain(asked)

    run = find_run(connection, "sales_report", asked["dag_run"].run_id)
    assert running is not None
    assert run is not None
    assert (running.state, run.state) == ("running", "success")
    assert run.title == "Sales report, Friday, November 20, 2026, Storekeeper Pizza"
    assert (run.asked_by, run.sheet_url) == ("ana", outcome["sheet"])
    files = files_of(connection, run.run_id)
    assert {file.location_name for file in files} == {*(each.name for each in load_chain().locations), None}
    assert all("Hawaiian" in file_path(file).read_text("utf-8-sig") for file in files)
    assert len(notifications_of(connection, run.run_id)) == len(files)


@pytest.mark.usefixtures("keys", "outputs")
def test_what_cannot_be_asked_for_is_on_record_as_failed(connection: psycopg.Connection) -> None:
    asked = context(locations=["Atlantis"])
    with pytest.raises(AirflowFailException):
        report_chain(asked)
    run = find_run(connection, "sales_report", asked["dag_run"].run_id)
    assert run is not None
    assert "locations: the chain has no Atlantis" in str(run.parts["all locations"]["error"])
