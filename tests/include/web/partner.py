"""A partner's day as it goes: its files, the run that makes a report of them, and Airflow's question to people."""

import shutil
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from airflow.api.common.trigger_dag import trigger_dag
from airflow.models import DagRun, TaskInstance
from airflow.models.hitl import HITLDetail
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState, TaskInstanceState
from airflow.utils.types import DagRunTriggeredByType
from sqlalchemy import select, update

from include.config.chain import config_folder
from include.config.partner import Kind, Partner, load_partner
from include.customers.deliveries import receive
from include.customers.deliveries.taking_in import take_in
from include.customers.editions import Edition
from include.customers.editions.days import files_of_day
from include.customers.editions.edition import APPROVAL_TASK_ID, DAG_ID, Headline
from include.customers.editions.making import Draft, enter
from include.warehouse.connection import connect
from sandbox.partner.files import Quality, content, filename
from tests.include.web.conftest import Web

WORKBOOK = b"PK a workbook"
HEADLINES: list[Headline] = [
    {"label": "Orders", "value": "214"},
    {"label": "Revenue", "value": "$6,905.15"},
    {"label": "Average order value", "value": "$32.27"},
    {"label": "New customers", "value": "12"},
    {"label": "Returning customers", "value": "171"},
    {"label": "Repeat rate, all history", "value": "41.3 %"},
    {"label": "Unmatched orders", "value": "3"},
]


def partner() -> Partner:
    found = load_partner()
    assert found is not None
    return found


def newest_day() -> date:
    """The newest business day of the partner's that is over."""
    return partner().business_date(datetime.now(UTC)) - timedelta(days=1)


def limit_to_one_megabyte(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """No file may have more from now on."""
    chain = shutil.copytree(config_folder(), folder / "chain")
    limits = "limits:\n  customers_megabytes: 1\n  orders_megabytes: 1\n"
    (chain / "partner.yaml").write_text((chain / "partner.yaml").read_text() + limits)
    patch.setenv("STOREKEEPER_CONFIG", str(chain))


def send(web: Web, kind: Kind, day: date, data: bytes | None = None, quality: Quality = "as_usual") -> int:
    """A file that somebody has put in, and that nobody has taken in yet."""
    with web.database.connect() as connection:
        file = receive(
            connection,
            partner(),
            BytesIO(data if data is not None else content(kind, day, quality)),
            filename=filename(kind, day),
            kind=kind,
            delivery_date=day,
            came_by="upload",
            received_by="uploader",
        )
    return file.file_id


def taken_in(web: Web, day: date, *, quality: Quality = "as_usual") -> None:
    send(web, "customers", day, quality=quality)
    send(web, "orders", day, quality=quality)
    take_in(connect, partner())


def report_run(state: DagRunState = DagRunState.RUNNING) -> str:
    """A run of customer_orders_report that Airflow knows; returns its id."""
    run_id = f"test__{uuid4()}"
    trigger_dag(DAG_ID, triggered_by=DagRunTriggeredByType.REST_API, run_id=run_id, replace_microseconds=False)
    with create_session() as session:
        session.execute(update(DagRun).where(DagRun.run_id == run_id).values(state=state))
    return run_id


def ask(run_id: str, *, answered_by: str | None = None) -> None:
    """As the run's task does, parked until somebody answers.

    :param answered_by: who approves in Airflow's Required Actions, where the right to export is not asked for.
    """
    with create_session() as session:
        instance = session.scalars(
            select(TaskInstance).where(TaskInstance.run_id == run_id, TaskInstance.task_id == APPROVAL_TASK_ID)
        ).one()
        instance.map_index = 0
        instance.state = TaskInstanceState.AWAITING_INPUT
        detail = HITLDetail(ti_id=instance.id, options=["Approve", "Reject"], subject="The report", params={})
        if answered_by:
            detail.responded_by = {"id": answered_by, "name": answered_by}
            detail.responded_at, detail.chosen_options = datetime.now(UTC), ["Approve"]
        session.add(detail)


def answer(run_id: str) -> tuple[str | None, list[str] | None, str | None]:
    """Who has answered, what, and the state of the task that asked."""
    with create_session() as session:
        row = session.execute(
            select(HITLDetail.responded_by, HITLDetail.chosen_options, TaskInstance.state)
            .join(TaskInstance, TaskInstance.id == HITLDetail.ti_id)
            .where(TaskInstance.run_id == run_id)
        ).one()
    return row[0]["name"] if row[0] else None, row[1], row[2]


def made(web: Web, day: date, run_id: str | None = None) -> Edition:
    """An edition of a day, with a workbook where it says."""
    run_id = run_id or report_run()
    path = f"editions/{run_id.removeprefix('test__')}/Daily_Report_{day:%Y%m%d}.xlsx"
    (web.partner_files / path).parent.mkdir(parents=True)
    (web.partner_files / path).write_bytes(WORKBOOK)
    with web.database.connect() as connection:
        return enter(
            connection,
            Draft(
                source="partner",
                business_date=day,
                dag_run_id=run_id,
                map_index=0,
                filename=path.rpartition("/")[2],
                path=path,
                sha256="0" * 64,
                byte_count=len(WORKBOOK),
                headlines=HEADLINES,
                files=files_of_day(connection, day),
                is_asked_for=True,
            ),
        )


def asked_about(web: Web, day: date) -> Edition:
    """An edition that waits for a decision, as Airflow's question to people does."""
    run_id = report_run()
    edition = made(web, day, run_id)
    ask(run_id)
    return edition
