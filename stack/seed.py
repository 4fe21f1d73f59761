"""Fills a new copy of the demo, through Airflow where the user sees it: set up Square, load a year, sync,
take its ingredients off the shelves, report, take over the ready reports, have a partner send its files.

Until then DAGs are paused, so that no schedule looks for sales that are not there yet.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from stack.airflow_api import FINISHED, AirflowApi
from stack.home import Home

STATE = "seeded.json"
# Long enough for every retry of a task, so that the failure itself is told.
LONGEST_RUN_SECONDS = 1800
# Their schedules bring a run for the last interval when they are unpaused; a second one would only repeat it.
SCHEDULED = ("square_sync", "sales_report")
SCHEDULED_WITHIN_SECONDS = 5
SWITCH_ON = "switching the schedules on"


class SeedError(Exception):
    """A step did not succeed; the message says where to look."""


@dataclass(frozen=True)
class Seeding:
    """The steps that are left. Each done one is kept in the home, so that an interrupted start goes on where it was."""

    home: Home
    airflow: AirflowApi
    environment: dict[str, str]
    say: Callable[[str], None]

    def run(self) -> None:
        """Raises SeedError at the first step that fails."""
        done: list[str] = self.home.recall(STATE, [])
        for name, step in self._steps().items():
            if name not in done:
                self.say(name)
                step()
                done.append(name)
                self.home.remember(STATE, done)

    def _steps(self) -> dict[str, Callable[[], None]]:
        return {
            "setting up the chain in Square's stand-in (square_setup)": lambda: self._dag("square_setup"),
            "loading the past year of orders into the stand-in": self._load_year,
            "copying it into the warehouse (square_sync)": lambda: self._dag("square_sync"),
            "taking its ingredients off the shelves (inventory_deduction)": lambda: self._dag("inventory_deduction"),
            "reporting the last business day (sales_report)": lambda: self._dag("sales_report"),
            "taking over the ready reports (report_dispatch)": lambda: self._dag("report_dispatch"),
            "having the partner send its files of the past weeks": self._send_files,
            SWITCH_ON: self.airflow.unpause_all,
        }

    def _dag(self, dag_id: str) -> None:
        """Unpauses it and waits for a run: the one that its schedule brings at once, or one of our own."""
        try:
            self.airflow.wait_for_dag(dag_id)
            self.airflow.unpause(dag_id)
            runs = self.airflow.wait_for_runs(dag_id, SCHEDULED_WITHIN_SECONDS) if dag_id in SCHEDULED else []
            run = next((run for run in runs if run.state != "failed"), None) or self.airflow.trigger(dag_id)
            deadline = time.monotonic() + LONGEST_RUN_SECONDS
            while (run := self.airflow.wait(run, seconds=60)).state not in FINISHED and time.monotonic() < deadline:
                self.say(f"{dag_id} is still {run.state}: {run.url}")
        except (TimeoutError, httpx.HTTPError) as error:
            raise SeedError(f"{dag_id}: {error}") from error
        if run.state != "success":
            raise SeedError(f"{dag_id} is {run.state}: {run.url}")

    def _load_year(self) -> None:
        # It reads the token from the environment and shows its progress itself.
        url = f"http://127.0.0.1:{self.environment['SANDBOX_PORT']}"
        self._command("the demo's orders were not loaded: see above", "sandbox.demo", "--square-url", url)

    def _send_files(self) -> None:
        # customer_orders_report takes them in as soon as it is switched on, and then waits for an approval.
        self._command(
            "the partner's files were not sent: see above", "sandbox.partner", "--folder", str(self.home.incoming_files)
        )

    def _command(self, failure: str, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, *arguments]
        if subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL).returncode:
            raise SeedError(failure)


def is_seeded(home: Home) -> bool:
    done: list[str] = home.recall(STATE, [])
    return SWITCH_ON in done
