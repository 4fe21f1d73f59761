"""The real `make run`: a business day through Airflow's REST API, and nothing left after the stop."""

import csv
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import httpx
import psutil
import pytest

from stack.airflow_api import AirflowApi, Run
from stack.environment import ADMIN, Ports
from stack.home import PROJECT, Home
from stack.processes import marked_for
from tests.sandbox_process import free_ports
from tests.stack import partner_story, reports_story, stock_story

STOP_SECONDS = 20
ALERT_SECONDS = 30
ORDERS_PER_LOCATION = 5


@dataclass
class Stack:
    """A running copy of the whole demo."""

    home: Home
    ports: Ports
    outputs: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path
    airflow: AirflowApi

    def outside_world(self, what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(f"{self.ports.sandbox_url}/sandbox/{what}").raise_for_status().json()
        return found

    def do(self, dag_id: str, **conf: Any) -> None:
        self.airflow.wait_for_dag(dag_id)
        run = self.airflow.trigger(dag_id, conf)
        self.airflow.unpause(dag_id)
        run = self.airflow.wait(run, seconds=90)
        assert run.state == "success", f"{dag_id} is {run.state}\n{self.task_logs(dag_id)}"

    def task_logs(self, dag_id: str) -> str:
        files = sorted((self.home.airflow / "logs").rglob(f"dag_id={dag_id}/**/*.log"))
        return "\n".join(file.read_text()[-3000:] for file in files) or "no task has started"


def start(environment: dict[str, str], out: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["make", "run", "ARGS=--no-demo"],
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=out,
        start_new_session=True,
    )


def wait_until(true: Callable[[], object], seconds: float, what: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what()
        time.sleep(0.2)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    home = Home(tmp_path / "home")
    ports = Ports(*free_ports(3))
    environment = os.environ | {
        "STOREKEEPER_HOME": str(home.folder),
        "STOREKEEPER_OUTPUTS": str(tmp_path / "outputs"),
        **{name: str(port) for name, port in ports.by_variable().items()},
    }
    log = tmp_path / "make-run.log"
    with log.open("wb") as out:
        process = start(environment, out)
    try:
        wait_until(
            lambda: "Ctrl-C stops everything" in log.read_text() or process.poll() is not None, 150, log.read_text
        )
        assert process.poll() is None, log.read_text()
        airflow = AirflowApi(ports.airflow_url, ADMIN, home.secrets()["admin_password"])
        airflow.log_in()
        yield Stack(home, ports, tmp_path / "outputs", environment, process, log, airflow)
        airflow.http.close()
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for left in (*psutil.Process(process.pid).children(recursive=True), *marked_for(home.folder)):
                left.kill()
            process.kill()
            process.wait()
            raise


def test_a_business_day_and_a_stop_that_leaves_nothing(stack: Stack) -> None:
    nobody_outside_can_connect(stack)
    a_second_start_says_that_one_is_running(stack)
    a_second_terminal_works(stack)
    # Yesterday may not have ended in every time zone.
    day = (datetime.now(UTC).date() - timedelta(days=2)).isoformat()
    stack.do("square_setup")
    counts = stock_story.open_the_ledger(stack)
    stack.do("business_day_simulator", day=day, orders_per_location=ORDERS_PER_LOCATION)
    stack.do("square_sync")
    stack.do("sales_report", date=day)
    stack.airflow.unpause("mail_delivery")
    the_report_is_in_mail_sheet_and_file(stack, day)
    report_id = reports_story.a_report_with_a_schedule_is_defined(stack)
    stock_story.sales_have_lowered_square_s_counts_by_their_recipes(stack, counts)
    stock_story.a_shortage_is_told_approved_ordered_and_received(stack)
    reports_story.a_manager_asks_for_products_sold_in_airflow(stack, day)
    partner_story.files_are_put_in_approved_corrected_and_downloaded(stack)
    reports_story.it_has_run_by_itself(stack, report_id)
    missed_calls_and_large_orders_are_told_of_once_in_spite_of_a_crash_of_the_triggerer(stack)
    stopping_while_a_task_runs_leaves_no_process(stack, day)


def nobody_outside_can_connect(stack: Stack) -> None:
    listening = set()
    for process in marked_for(stack.home.folder):
        with suppress(psutil.NoSuchProcess):  # tasks end meanwhile
            connections = process.net_connections("inet")
            listening |= {each.laddr[0] for each in connections if each.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def a_second_start_says_that_one_is_running(stack: Stack) -> None:
    log = stack.log.with_name("second.log")
    with log.open("wb") as out:
        assert start(stack.environment, out).wait(30) != 0
    assert f"already running from {stack.home.folder}" in log.read_text()
    assert stack.ports.airflow_url in log.read_text()


def a_second_terminal_works(stack: Stack) -> None:
    script = f'. {stack.home.env_file} && psql "$STOREKEEPER_DB_URL" -Atc "SELECT current_user"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "storekeeper_app\n"


def the_report_is_in_mail_sheet_and_file(stack: Stack, day: str) -> None:
    wait_until(lambda: stack.outside_world("mails"), 60, lambda: "no mail came")
    mail = stack.outside_world("mails")[0]
    assert mail["attachments"][0]["filename"].endswith(".csv")
    assert "<table" in mail["html"]
    [spreadsheet, *_] = stack.outside_world("sheets")
    assert any(len(tab["rows"]) > 1 for tab in spreadsheet["tabs"])
    files = list(stack.outputs.rglob(f"*{day}*.csv"))
    assert files
    with files[0].open(newline="", encoding="utf-8-sig") as file:
        assert len(list(csv.reader(file))) > 1


def missed_calls_and_large_orders_are_told_of_once_in_spite_of_a_crash_of_the_triggerer(stack: Stack) -> None:
    ring(stack, times=5)
    order(stack, "square")
    wait_until(lambda: len(alerts(stack)) >= 2, ALERT_SECONDS, lambda: f"only {alerts(stack)} came")
    for process in marked_for(stack.home.folder):
        with suppress(psutil.NoSuchProcess):
            if "triggerer" in process.cmdline():
                process.kill()
    order(stack, "demo-eats")
    # The one-minute sweep finds it, if the doorbell is not yet back.
    wait_until(lambda: len(alerts(stack)) >= 3, 60 + ALERT_SECONDS, lambda: "no mail after the crash")
    places = sorted(subject.partition(":")[0] for subject in alerts(stack))
    assert places == ["Large order", "Large order", "Manhattan, Front desk"]


def ring(stack: Stack, times: int) -> None:
    call = {"scenario": "nobody_answers", "times": times, "dialled_number": "+12125550101", "speed": 50}
    push(stack, "phone/calls", call)


def order(stack: Stack, provider: str) -> None:
    """$600 for the day after tomorrow, 11:30 in Manhattan."""
    due_at = f"{datetime.now(UTC).date() + timedelta(days=2)}T11:30"
    push(stack, "online-orders", {"amount": "600.00", "due_at": due_at, "location": "Manhattan", "provider": provider})


def push(stack: Stack, what: str, body: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {stack.home.secrets()['square_token']}"}
    httpx.post(f"{stack.ports.sandbox_url}/sandbox/{what}", json=body, headers=headers).raise_for_status()


def alerts(stack: Stack) -> list[str]:
    """Subjects of the mails about calls and orders."""
    subjects = [mail["subject"] for mail in stack.outside_world("mails")]
    return [subject for subject in subjects if subject.startswith(("Large order", "Manhattan, Front desk"))]


def stopping_while_a_task_runs_leaves_no_process(stack: Stack, day: str) -> None:
    run = stack.airflow.trigger("business_day_simulator", {"day": day, "orders_per_location": 5000, "seed": 2})
    wait_until(lambda: task_is_running(stack, run), 30, lambda: "the task did not start")
    started = psutil.Process(stack.process.pid).children(recursive=True)
    assert len(started) > len(
        ("postgres", "sandbox", "listener", "api-server", "scheduler", "dag-processor", "triggerer")
    )
    began = time.monotonic()
    stack.process.send_signal(signal.SIGTERM)
    stack.process.wait(STOP_SECONDS)
    left = [process for process in started if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert left == [], stack.log.read_text()
    assert marked_for(stack.home.folder) == []
    assert time.monotonic() - began < STOP_SECONDS


def task_is_running(stack: Stack, run: Run) -> bool:
    path = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances"
    instances = stack.airflow.http.get(path).raise_for_status().json()["task_instances"]
    return any(instance["state"] == "running" for instance in instances)
