"""Whole reports: out of gold, into a workbook, a sheet of the stand-in, the outbox and the record of runs."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import httpx
import psycopg
import pytest
from airflow.sdk.exceptions import AirflowFailException
from openpyxl import load_workbook

from include.config import load_chain
from include.products.report.run import report_products
from include.report_runs import Run, ask, file_path, files_of, find_run, notifications_of
from include.warehouse.progress import NotSyncedYetError
from tests.conftest import Database
from tests.include.products.report.conftest import MONDAY, PARAMS, WEDNESDAY, Kitchen
from tests.sandbox_process import Sandbox

WEEK = timedelta(weeks=1)
# Look, folder, spreadsheet, its readers, its tabs, all of them written; and one call for each who is to read it.
FIRST_CALLS, LATER_CALLS = 6, 4
# The chain's markets and five people: what an issue promises.
MOST_CALLS = 12


def context(started_at: datetime = MONDAY, **params: Any) -> dict[str, Any]:
    """As much of a task's context as a report reads. After the week has ended on both coasts."""
    run_after = MONDAY + timedelta(hours=2)
    run = SimpleNamespace(
        dag_id="products_sold_report",
        run_id=f"manual__{started_at:%H%M}",
        run_type="manual",
        run_after=run_after,
        start_date=started_at,
        conf=params,
        triggering_user_name="ana",
    )
    return {"params": PARAMS | params, "dag_run": run}


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
def keys(shop: Kitchen) -> Mapping[str, int]:
    """The demo chain, each location with the same sales last week, some the week before, and a recipe."""
    pizza, cola = shop.offers("Hawaiian", "L"), shop.offers("=Cola", "", "Drinks")
    shop.costs(pizza, "400")
    keys = {location.name: shop.opens(location) for location in load_chain().locations}
    for key in keys.values():
        shop.sells(key, WEDNESDAY, {"product": pizza, "units": 2, "gross": 3000}, {"product": cola, "gross": 300})
        shop.sells(key, WEDNESDAY - WEEK, {"product": pizza, "gross": 1500}, {"product": cola, "gross": 2500})
    shop.closes_the_books()
    return keys


def mails(connection: psycopg.Connection) -> list[tuple[list[str], str]]:
    connection.rollback()
    return list(connection.execute("SELECT recipients, subject FROM outbox.message ORDER BY created_at"))


def run_of(connection: psycopg.Connection, asked: Mapping[str, Any]) -> Run:
    connection.rollback()
    run = find_run(connection, "products_sold_report", asked["dag_run"].run_id)
    assert run is not None
    return run


class Calls:
    """Counts what reaches Google's stand-in, also what it refuses."""

    AT_MOST = 1000

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.begin()

    def begin(self) -> None:
        self.sandbox.set_fault("counted", latency_ms=0, path="/google/", times=self.AT_MOST)

    @property
    def count(self) -> int:
        """Without those for the token of a client."""
        faults = self.sandbox.request("GET", "/sandbox/faults").json()
        return self.AT_MOST - int(faults["counted"]["times"]) - 1


def book(sandbox: Sandbox) -> dict[str, Any]:
    (found,) = httpx.get(f"{sandbox.url}/sandbox/sheets").json()
    return dict(found)


@pytest.mark.usefixtures("keys", "outputs")
def test_last_week_is_a_sheet_a_file_and_a_mail(sandbox: Sandbox, connection: psycopg.Connection) -> None:
    calls = Calls(sandbox)
    asked = context()
    outcome = report_products(asked)
    assert calls.count == FIRST_CALLS + 1

    assert outcome["xlsx"] == "products_sold_storekeeper-pizza_2026-W47_20261123T120000Z.xlsx"
    assert mails(connection) == [
        (["owner@example.com"], "Products sold, Storekeeper Pizza, week 47, Nov 16 to Nov 22, 2026: $132.00 (-17.5%)")
    ]
    [(html, attached)] = connection.execute(
        "SELECT html_body, (SELECT count(*) FROM outbox.attachment) FROM outbox.message"
    ).fetchall()
    assert outcome["sheet"] in html
    assert attached == 0

    sheet = book(sandbox)
    assert sheet["name"] == "Products sold, Storekeeper Pizza, week 47, Nov 16 to Nov 22, 2026"
    assert sheet["folder"] == "Storekeeper reports 2026"
    assert sheet["readers"] == ["owner@example.com"]
    markets = ["Northeast", "Midwest", "Mountain", "Pacific"]
    assert [tab["title"] for tab in sheet["tabs"]] == ["Summary", *markets, "All products", "Menu engineering"]
    summary, northeast, *_ = sheet["tabs"]
    assert [chart["spec"]["title"] for chart in summary["charts"]] == [
        "Net sales by market", "Best sellers", "Net sales by price band",
    ]  # fmt: skip
    pizza = dict(zip(northeast["rows"][0], northeast["rows"][1], strict=True))
    assert (pizza["Product"], pizza["Units"], pizza["Net sales"], pizza["Share of net"]) == (
        *("Hawaiian", "2", "$30.00", "90.9%"),
    )
    assert (pizza["Rank"], pizza["Rank before"], pizza["Movement"]) == ("1", "2", "1")
    assert "<svg" in httpx.get(f"{sandbox.url}/sheets/{sheet['id']}").text
    assert "Storekeeper reports 2026" in httpx.get(sandbox.url).text

    run = run_of(connection, asked)
    assert (run.state, run.title, run.sheet_url, run.row_count) == ("success", sheet["name"], outcome["sheet"], 2)
    (file,) = files_of(connection, run.run_id)
    assert (file.format, file.filename) == ("xlsx", outcome["xlsx"])
    assert [each.kind for each in notifications_of(connection, run.run_id)] == ["report"]


@pytest.mark.usefixtures("keys", "outputs")
def test_the_workbook_says_what_the_sheet_says(sandbox: Sandbox, connection: psycopg.Connection) -> None:
    asked = context()
    report_products(asked)
    (file,) = files_of(connection, run_of(connection, asked).run_id)
    workbook = load_workbook(file_path(file))

    tabs = book(sandbox)["tabs"]
    assert workbook.sheetnames == [tab["title"] for tab in tabs]
    for tab in tabs:
        rows = [[cell.value for cell in row] for row in workbook[tab["title"]].iter_rows()]
        assert len(rows) == len(tab["rows"])
        # As text or as numbers of the same digits: the sheet's are shown with symbols.
        for row, shown in zip(rows, tab["rows"], strict=True):
            for value, text in zip(row, shown, strict=False):
                assert _is_same(value, text), (tab["title"], value, text)
    with ZipFile(file_path(file)) as parts:
        assert sum(name.startswith("xl/charts/chart") for name in parts.namelist()) == 3
    cola = next(cell for row in workbook["All products"].iter_rows() for cell in row if cell.value == "=Cola")
    assert cola.data_type == "s"


def _is_same(value: Any, text: str) -> bool:
    if value is None or isinstance(value, str):
        return (value or "") == text
    number = float(text.strip("%").replace("$", "").replace(",", ""))
    return number == pytest.approx(value * 100 if text.endswith("%") else value, abs=0.051)


@pytest.mark.usefixtures("outputs")
def test_a_rerun_replaces_tabs_and_mails_only_what_has_changed(
    shop: Kitchen, keys: Mapping[str, int], sandbox: Sandbox, connection: psycopg.Connection
) -> None:
    first = report_products(context())
    calls, later = Calls(sandbox), context(MONDAY + timedelta(hours=1))
    again = report_products(later)
    assert calls.count == LATER_CALLS
    assert (again["sheet"], again["mailed"]) == (first["sheet"], False)
    assert run_of(connection, later).note == "Not mailed again: the figures are those of the last mail"

    before = book(sandbox)
    shop.sells(keys["Manhattan"], WEDNESDAY, {"product": shop.offers("Espresso"), "gross": 250})
    shop.closes_the_books()
    report_products(context(MONDAY + timedelta(hours=2)))
    after = book(sandbox)
    assert [tab["id"] for tab in after["tabs"]] == [tab["id"] for tab in before["tabs"]]
    assert [len(tab["charts"]) for tab in after["tabs"]] == [len(tab["charts"]) for tab in before["tabs"]]
    assert any(row[3] == "Espresso" for row in after["tabs"][1]["rows"])
    assert [subject.split(":")[0] for _, subject in mails(connection)] == [
        "Products sold, Storekeeper Pizza, week 47, Nov 16 to Nov 22, 2026",
        "Corrected",
    ]


@pytest.mark.usefixtures("keys", "outputs")
def test_others_who_ask_for_the_same_get_their_mail(connection: psycopg.Connection) -> None:
    report_products(context())
    report_products(context(MONDAY + timedelta(hours=1), recipients=["ana@example.com"]))
    assert [recipients for recipients, _ in mails(connection)] == [["owner@example.com"], ["ana@example.com"]]


@pytest.mark.usefixtures("keys", "outputs")
def test_twelve_calls_are_enough_for_five_people_also_when_google_refuses_one(sandbox: Sandbox) -> None:
    people = [f"person{number}@example.com" for number in range(5)]
    calls = Calls(sandbox)
    sandbox.set_fault("quota", status=429, retry_after=1, path="/google/v4", method="POST", times=1)
    report_products(context(recipients=people))
    # The refused call, and the look that goes before its repetition.
    assert calls.count - 2 == FIRST_CALLS + len(people) <= MOST_CALLS
    assert len(book(sandbox)["tabs"]) == 7


@pytest.mark.usefixtures("keys", "outputs")
def test_a_lost_reply_makes_no_tab_or_chart_twice(sandbox: Sandbox) -> None:
    sandbox.set_fault(lost_reply=True, path="/google/v4", method="POST", times=1)
    report_products(context())
    sheet = book(sandbox)
    assert len(sheet["tabs"]) == 7
    assert len(sheet["tabs"][0]["charts"]) == 3


@pytest.mark.usefixtures("keys", "outputs")
@pytest.mark.parametrize(
    ("output", "is_with_google", "has_sheet", "is_attached"),
    [
        ("automatic", False, False, True),
        ("xlsx", True, False, True),
        ("both", True, True, True),
    ],
)
def test_the_workbook_is_attached_where_there_is_no_sheet_or_both_are_wanted(
    connection: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    output: str,
    is_with_google: bool,
    has_sheet: bool,
    is_attached: bool,
) -> None:
    if not is_with_google:
        monkeypatch.delenv("AIRFLOW_CONN_GOOGLE_DEFAULT")
    outcome = report_products(context(output=output, markets=["Pacific"]))
    assert (outcome["sheet"] is not None) is has_sheet
    names = [name for (name,) in connection.execute("SELECT filename FROM outbox.attachment")]
    assert names == ([outcome["xlsx"]] if is_attached else [])
    assert [recipients for recipients, _ in mails(connection)] == [["santa.monica@example.com"]]


@pytest.mark.usefixtures("keys", "outputs")
@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"markets": ["Atlantis"]}, "markets: the chain has no Atlantis"),
        ({"output": "sheet"}, "output: there is no connection google_default"),
    ],
)
def test_what_cannot_be_asked_for_fails_for_good_and_says_why(
    connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, params: dict[str, Any], message: str
) -> None:
    monkeypatch.delenv("AIRFLOW_CONN_GOOGLE_DEFAULT")
    asked = context(**params)
    with pytest.raises(AirflowFailException, match=f"^{message}"):
        report_products(asked)
    run = run_of(connection, asked)
    assert run.state == "failed"
    assert message in (run.error or "")


@pytest.mark.usefixtures("outputs")
def test_a_week_that_is_not_synced_fails_for_now(
    shop: Kitchen, keys: Mapping[str, int], connection: psycopg.Connection
) -> None:
    assert keys
    shop.synced(load_chain().location("Manhattan"), MONDAY - timedelta(days=1))
    shop.closes_the_books()
    asked = context()
    with pytest.raises(NotSyncedYetError):
        report_products(asked)
    assert "square_sync has reached" in (run_of(connection, asked).error or "")


@pytest.mark.usefixtures("keys", "outputs")
def test_what_the_page_asked_for_is_called_what_it_turned_out_to_be(connection: psycopg.Connection) -> None:
    asked = context(output="xlsx", mail=False, period="last month", markets=["Pacific"])
    names = {"dag_id": asked["dag_run"].dag_id, "dag_run_id": asked["dag_run"].run_id}
    run_id = ask(connection, **names, title="Products sold", asked_by="ben", conf=asked["dag_run"].conf)
    connection.commit()
    report_products(asked)
    run = run_of(connection, asked)
    assert (run.run_id, run.asked_by) == (run_id, "ben")
    assert run.title == "Products sold, Pacific, October 2026"


@pytest.mark.usefixtures("keys", "outputs")
def test_mails_can_be_left_out(connection: psycopg.Connection) -> None:
    asked = context(mail=False)
    assert report_products(asked)["mailed"] is False
    assert mails(connection) == []
    assert run_of(connection, asked).note is None
