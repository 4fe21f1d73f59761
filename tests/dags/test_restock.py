"""restock and inventory_receipt as whole DAGs: from a shelf that is short, by an answer, to the supplier and back."""

import shutil
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from airflow.models.dagrun import DagRun
from airflow.models.hitl import HITLUser
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import handle_event_submit
from airflow.triggers.base import TriggerEvent
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState, TaskInstanceState
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from include.config.chain import DEMO_FOLDER
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.include.inventory.restock.conftest import Shop

INGREDIENTS = """
ingredients:
  - {name: Flour, unit: kg, supplier: Roma Foods, pack: 5 kg, pack_name: 5 kg bag, price: "20.00", par: 20 kg}
  - {name: Clams, unit: kg, supplier: Sea, pack: 1 kg, pack_name: net, price: "9.00", par: 4 kg}
"""
SUPPLIERS = """
restock: {approval_hours: 2}
suppliers:
  - {name: Roma Foods, recipients: [orders@roma.example.com], lead_time_days: 1}
  - {name: Sea, recipients: [orders@sea.example.com], lead_time_days: 2}
"""
# An answer through the UI is there in a second; a task that never asks must not hold the tests up.
PATIENCE_SECONDS = 60
# Looks, a tenth of a second apart, that show no question before all are taken for answered.
QUIET_LOOKS = 5
WAITING = (
    select(TaskInstance)
    .where(TaskInstance.state == TaskInstanceState.AWAITING_INPUT)
    .options(joinedload(TaskInstance.hitl_detail))
)


@pytest.fixture
def shop(airflow: Airflow, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    assert airflow, "its connections lead to this database"
    folder = tmp_path / "chain"
    folder.mkdir()
    for name in ("locations.yaml", "products.yaml"):
        shutil.copy(DEMO_FOLDER / name, folder)
    (folder / "ingredients.yaml").write_text(INGREDIENTS)
    (folder / "suppliers.yaml").write_text(SUPPLIERS)
    monkeypatch.setenv("STOREKEEPER_CONFIG", str(folder))
    with database.connect() as connection:
        shop = Shop(connection)
        shop.supplier("Sea")
        for name in ("Flour", "Clams"):
            shop.ingredient(name)
        now = datetime.now(UTC) - timedelta(hours=1)
        shop.count("Flour", "3", at=now)
        shop.count("Clams", "1", at=now)
        connection.commit()
        yield shop


class Answering(Thread):
    """Answers what is asked, as Airflow's UI does, one question after another."""

    def __init__(self, answers: Mapping[int, tuple[str, dict[str, Any]]]) -> None:
        super().__init__(daemon=True)
        self.answers = dict(answers)
        self.asked: dict[int, tuple[str, str, dict[str, Any]]] = {}

    def run(self) -> None:
        """Until every question has been answered and stays so: an answer that comes just before its task waits is lost,
        and the question stands there again."""
        until, quiet_looks = time.monotonic() + PATIENCE_SECONDS, 0
        while quiet_looks < QUIET_LOOKS:
            if time.monotonic() > until:
                return self._give_up()
            time.sleep(0.1)
            is_quiet = not self._answer() and self.asked.keys() == self.answers.keys()
            quiet_looks = quiet_looks + 1 if is_quiet else 0
        return None

    def _answer(self) -> bool:
        """Whether there was anything to answer."""
        has_answered = False
        with create_session() as session:
            for ti in session.scalars(WAITING):
                if ti.map_index in self.answers:
                    asked = ti.hitl_detail
                    self.asked[ti.map_index] = (asked.subject, asked.body or "", asked.params)
                    option, params = self.answers[ti.map_index]
                    asked.responded_by = HITLUser(id="7", name="Ada")
                    asked.responded_at = datetime.now(UTC)
                    asked.chosen_options, asked.params_input = [option], params
                    event = TriggerEvent(asked.as_resume_event_payload())  # type: ignore[no-untyped-call]
                    handle_event_submit(event, task_instance=ti, session=session)
                    has_answered = True
        return has_answered

    def _give_up(self) -> None:
        """The run would wait for ever."""
        with create_session() as session:
            for ti in session.scalars(WAITING):
                ti.state = TaskInstanceState.FAILED


def run_answered(airflow: Airflow, answers: Mapping[int, tuple[str, dict[str, Any]]]) -> tuple[DagRun, Answering]:
    answering = Answering(answers)
    answering.start()
    run = airflow.run("restock")
    answering.join()
    return run, answering


def orders(shop: Shop) -> list[Any]:
    shop.connection.commit()
    return shop.rows(
        "SELECT number, supplier.name, state, decided_by FROM inventory.purchase_order"
        " JOIN inventory.supplier USING (supplier_key) ORDER BY 1"
    )


def test_an_approved_order_goes_to_the_supplier_and_its_receipt_raises_the_stock(airflow: Airflow, shop: Shop) -> None:
    run, answering = run_answered(airflow, {0: ("Reject", {"Clams": 3}), 1: ("Approve", {"Flour": 2})})
    assert run.state == DagRunState.SUCCESS
    subject, body, params = answering.asked[1]
    assert subject == "PO-2: Roma Foods for Manhattan, 1 ingredient, $80.00"
    assert "| Flour | 3 kg | 0 kg | 20 kg | not known | 4 x 5 kg bag = 20 kg |" in body
    assert params["Flour"]["value"] == 4
    assert orders(shop) == [("PO-1", "Sea", "rejected", "Ada"), ("PO-2", "Roma Foods", "ordered", "Ada")]
    mails = {mail.subject.split(",")[0]: mail for mail in shop.new_mails()}
    assert list(mails) == ["Order PO-2 from Storekeeper Pizza", "Manhattan: Clams runs short"]
    ordered, told = mails.values()
    assert "2 x 5 kg bag Flour (10 kg)" in ordered.text
    assert (
        f"/dags/restock/runs/{run.run_id.replace(':', '%3A').replace('+', '%2B')}/tasks/purchase.approve" in told.text
    )
    shop.connection.commit()

    received = airflow.run("inventory_receipt", purchase_order="PO-2")
    assert received.state == DagRunState.SUCCESS
    assert shop.rows("SELECT on_hand FROM inventory.stock ORDER BY 1") == [1, 13]
    assert orders(shop)[1] == ("PO-2", "Roma Foods", "received", "Ada")


def test_a_run_that_finds_nothing_new_ends_at_once(airflow: Airflow, shop: Shop) -> None:
    run_answered(airflow, {0: ("Reject", {}), 1: ("Reject", {})})
    shop.new_mails()
    shop.connection.commit()
    run = airflow.run("restock")
    assert run.state == DagRunState.SUCCESS
    assert {ti.task_id: ti.state for ti in run.get_task_instances()} == {
        "look": "success",
        "purchase.approve": "skipped",
        "purchase.order": "skipped",
    }
    assert shop.new_mails() == []


def test_one_answer_does_not_wait_for_another(airflow: Airflow, shop: Shop) -> None:
    """The supplier that was approved first has its order before the other is answered at all."""
    first = Answering({1: ("Approve", {})})
    first.start()
    seen: list[Any] = []

    def then() -> None:
        first.join()
        until = time.monotonic() + PATIENCE_SECONDS
        while not seen and time.monotonic() < until:
            time.sleep(0.1)
            seen.extend(order for order in orders(shop) if order[2] == "ordered")
            states = [order[2] for order in orders(shop)]
        assert states == ["proposed", "ordered"]
        Answering({0: ("Reject", {})}).run()

    other = Thread(target=then)
    other.start()
    assert airflow.run("restock").state == DagRunState.SUCCESS
    other.join()
    assert seen == [("PO-2", "Roma Foods", "ordered", "Ada")]
    assert [order[2] for order in orders(shop)] == ["rejected", "ordered"]


def test_a_receipt_with_a_wrong_line_books_nothing(
    airflow: Airflow, shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = "ingredient,quantity\nFlour,1 kg\nFluor,1 kg"
    assert airflow.run("inventory_receipt", location="Manhattan", lines=lines).state == DagRunState.FAILED
    assert "line 3: there is no ingredient 'Fluor'; did you mean Flour?" in "".join(capfd.readouterr())
    assert shop.rows("SELECT on_hand FROM inventory.stock ORDER BY 1") == [1, 3]
