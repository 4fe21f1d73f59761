"""customer_orders_report as a whole DAG: from two files, by an approval, to a workbook; corrected, late, superseded."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import psycopg
import pytest
from airflow.models.dagrun import DagRun
from airflow.models.hitl import HITLUser
from airflow.models.taskinstance import TaskInstance
from airflow.models.trigger import handle_event_submit
from airflow.triggers.base import TriggerEvent
from airflow.utils.session import create_session
from airflow.utils.state import TaskInstanceState
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from include.config.partner import Kind, Partner, load_partner
from include.customers.deliveries import receive
from include.customers.deliveries.taking_in import take_in
from include.customers.editions import Edition, decide, deeds_of, list_editions, open_download
from include.customers.editions.days import files_of_day
from include.customers.editions.edition import APPROVAL_TASK_ID
from include.customers.editions.making import Draft, enter
from include.mail.render import day as written
from include.report_runs import list_runs
from tests.conftest import Database
from tests.dags.conftest import Airflow
from tests.sandbox_process import Sandbox

DAG_ID = "customer_orders_report"
CUSTOMERS = """customer_id,customer_name,mobile_number,region
C1,Ana Lima,+12125550101,Northeast
C2,Ben Ode,(310) 555-0102,West
"""
# A task that never asks must not hold the tests up.
PATIENCE_SECONDS = 60
WAITING = (
    select(TaskInstance)
    .where(TaskInstance.dag_id == DAG_ID, TaskInstance.state == TaskInstanceState.AWAITING_INPUT)
    .options(joinedload(TaskInstance.hitl_detail))
)


def orders(*lines: tuple[str, str, datetime, str]) -> str:
    """:param lines: order, mobile number, time, amount; of one SKU each."""
    return (
        "<orders>"
        + "".join(
            f"<order><order_id>{order}</order_id><mobile_number>{mobile}</mobile_number>"
            f"<order_date_time>{at.isoformat()}</order_date_time><sku_id>MARG-L</sku_id><sku_count>1</sku_count>"
            f"<total_amount>{amount}</total_amount></order>"
            for order, mobile, at, amount in lines
        )
        + "</orders>"
    )


class Desk:
    """Where files are handed in and editions are decided on."""

    def __init__(self, database: Database, partner: Partner) -> None:
        self.database = database
        self.partner = partner
        # The newest day that is over.
        self.day = partner.business_date(datetime.now(UTC)) - timedelta(days=1)

    def noon(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 12, tzinfo=self.partner.zone)

    def hand_in(self, kind: Kind, content: str, day: date | None = None) -> None:
        with self.database.connect() as connection:
            receive(
                connection,
                self.partner,
                BytesIO(content.encode()),
                filename=f"{kind}.{'csv' if kind == 'customers' else 'xml'}",
                kind=kind,
                delivery_date=day or self.day,
                came_by="upload",
                received_by="uma",
            )

    def editions(self) -> list[Edition]:
        with self.database.connect() as connection:
            return list_editions(connection)[0]

    def decide(self, *, is_approved: bool) -> None:
        """As our page does: the newest edition, in Ada's name."""
        with self.database.connect() as connection:
            [edition] = list_editions(connection, state="pending")[0]
            decide(connection, edition.edition_id, user="ada", is_approved=is_approved)

    def supersede(self) -> None:
        """A corrected file comes, and another run makes an edition of it."""
        self.hand_in("orders", orders(("O1", "+12125550101", self.noon(self.day), "12.00")))
        take_in(self.database.connect, self.partner)
        with self.database.connect() as connection:
            draft = Draft(
                source="partner",
                business_date=self.day,
                dag_run_id="another run",
                map_index=0,
                filename="Daily_Report.xlsx",
                path="editions/another/Daily_Report.xlsx",
                sha256="0" * 64,
                byte_count=0,
                headlines=[],
                files=files_of_day(connection, self.day),
                is_asked_for=False,
            )
            enter(connection, draft)

    def download(self, edition: Edition) -> Path:
        with self.database.connect() as connection:
            return open_download(connection, edition.edition_id, "eve")

    def mails(self) -> list[tuple[str, str]]:
        with self.database.connect() as connection:
            return connection.execute(
                "SELECT subject, text_body FROM outbox.message ORDER BY created_at, message_id"
            ).fetchall()


@pytest.fixture
def desk(airflow: Airflow, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    assert airflow, "its connections lead to this database"
    monkeypatch.setenv("STOREKEEPER_PARTNER_FILES", str(tmp_path / "partner_files"))
    partner = load_partner()
    assert partner is not None
    return Desk(database, partner)


class Answering(Thread):
    """Answers the question that stands there, as Airflow's Required Actions do; then the one that stands there anew."""

    def __init__(self, *answers: tuple[str | None, Callable[[], None]]) -> None:
        """:param answers: in whose name (None: its time is over), and what is done before."""
        super().__init__(daemon=True)
        self.answers = list(answers)
        self.questions: list[str] = []
        self.is_over = False
        # Other tests' runs that were never answered.
        with create_session() as session:
            self.others = {ti.id for ti in session.scalars(WAITING)}

    def run(self) -> None:
        try:
            self._answer()
        except BaseException:
            self._give_up()
            raise

    def _answer(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        answer: str | None = None
        while time.monotonic() < until:
            time.sleep(0.05)
            with create_session() as session:
                for ti in self._waiting(session):
                    asked = ti.hitl_detail
                    # One that has its answer and waits all the same was answered before it waited.
                    if not asked.response_received:
                        if not self.answers:
                            return self._give_up()
                        self.questions.append(f"{asked.subject}\n{asked.body}")
                        answer, prepare = self.answers.pop(0)
                        prepare()
                    asked.responded_by = HITLUser(id="7", name=answer) if answer else None
                    asked.responded_at = datetime.now(UTC)
                    asked.chosen_options, asked.params_input = ["Approve" if answer else "Reject"], {}
                    event = TriggerEvent(asked.as_resume_event_payload())  # type: ignore[no-untyped-call]
                    handle_event_submit(event, task_instance=ti, session=session)
            if self.is_over:
                return None
        return self._give_up()

    def _give_up(self) -> None:
        """The run would wait for ever."""
        with create_session() as session:
            for ti in self._waiting(session):
                ti.state = TaskInstanceState.FAILED

    def _waiting(self, session: Session) -> list[TaskInstance]:
        return [ti for ti in session.scalars(WAITING) if ti.id not in self.others]


@contextmanager
def answering(*answers: tuple[str | None, Callable[[], None]]) -> Iterator[Answering]:
    thread = Answering(*answers)
    thread.start()
    try:
        yield thread
    finally:
        thread.is_over = True
        thread.join()
    assert thread.answers == [], "nobody asked"


def states(run: DagRun) -> dict[str, Any]:
    return {ti.task_id.removeprefix("report."): ti.state for ti in run.get_task_instances()}


def nothing() -> None:
    """An answer in Airflow, and no decision."""


def rows(workbook: Path, sheet: str) -> list[dict[str, Any]]:
    # From memory: openpyxl would keep the file open.
    content = BytesIO(workbook.read_bytes())
    headings, *lines = load_workbook(content, read_only=True)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, headings), line, strict=True)) for line in lines]


def test_two_files_become_a_workbook_that_a_later_file_corrects(
    airflow: Airflow,
    desk: Desk,
    sandbox: Sandbox,
    connection: psycopg.Connection,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    day, before = desk.day, desk.day - timedelta(days=1)
    noon = desk.noon(day)
    desk.hand_in("customers", CUSTOMERS)
    desk.hand_in("orders", orders(("O1", "+12125550101", noon, "10.00"), ("O2", "+13105550102", noon, "20.50")))
    with answering(("Bob", nothing), ("ada", lambda: desk.decide(is_approved=True))) as asked:
        run = airflow.run(DAG_ID, output="both")

    assert states(run) == dict.fromkeys(["take_in", "build", "approve", "export"], "success")
    assert len(asked.questions) == 2, "Bob's answer under Required Actions does not count: it is asked again"
    assert "The answer of Bob does not count" in "".join(capfd.readouterr())
    [first] = desk.editions()
    assert (first.state, first.decided_by, first.filename) == ("approved", "ada", f"Daily_Report_{day:%Y%m%d}.xlsx")
    assert len(rows(desk.download(first), "Current_Day_Orders")) == 2
    (book,) = httpx.get(f"{sandbox.url}/sandbox/sheets").json()
    assert book["tabs"][0]["title"] == "Summary"
    assert first.sheet_url
    ((record,), _) = list_runs(connection, dag_id=DAG_ID)
    assert (record.state, record.dag_run_id) == ("success", run.run_id)

    late = ("O0", "+12125550101", desk.noon(before), "7.00")
    desk.hand_in("orders", orders(("O1", "+12125550101", noon, "11.00"), ("O3", "+13105550102", noon, "5.00"), late))
    # Approved the moment that the question stands there: before its task waits, an answer would be lost.
    task = airflow.dag_bag.dags[DAG_ID].get_task(APPROVAL_TASK_ID)
    monkeypatch.setattr(task, "notifiers", [lambda _: desk.decide(is_approved=True)])
    airflow.run(DAG_ID)
    second, _ = desk.editions()
    workbook = desk.download(second)
    assert [row["Order"] for row in rows(workbook, "Current_Day_Orders")] == ["O1", "O3"]
    assert [row["Order"] for row in rows(workbook, "Archived_Previous_Day")] == ["O0"]
    assert len(rows(desk.download(first), "Current_Day_Orders")) == 2, "what was approved stays as it was"

    about = f"Customer and order report, {written(day)}"
    assert [subject for subject, _ in desk.mails()] == [
        f"To approve: {about}",
        about,
        f"To approve, corrected: {about}",
        about,
    ]
    assert "Ana" not in "".join(text for _, text in desk.mails()), "no customer is named in a mail"
    deeds = deeds_of(connection, day)[0]
    assert sorted((deed.done_by, deed.action) for deed in deeds) == [
        ("ada", "approved"), ("ada", "approved"),
        ("eve", "downloaded"), ("eve", "downloaded"), ("eve", "downloaded"),
        ("uma", "uploaded"), ("uma", "uploaded"), ("uma", "uploaded"),
    ]  # fmt: skip


def test_a_run_whose_edition_was_superseded_ends_by_itself(airflow: Airflow, desk: Desk) -> None:
    desk.hand_in("customers", CUSTOMERS)
    desk.hand_in("orders", orders(("O1", "+12125550101", desk.noon(desk.day), "10.00")))
    with answering((None, desk.supersede)):
        run = airflow.run(DAG_ID)
    assert states(run) == {"take_in": "success", "build": "success", "approve": "success", "export": "skipped"}
    assert [edition.state for edition in desk.editions()] == ["pending", "superseded"]
