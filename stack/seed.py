"""Fills a new copy of the demo, through Airflow where the user sees it: set up Square, load a year, sync, report.

Until then DAGs are paused, so that no schedule looks for sales that are not there yet.
"""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from stack.airflow_api import AirflowApi
from stack.home import Home

STATE = "seeded.json"
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
            "reporting the last business day (sales_report)": lambda: self._dag("sales_report"),
            SWITCH_ON: self.airflow.unpause_all,
        }

    def _dag(self, dag_id: str) -> None:
        try:
            self.airflow.wait_for_dag(dag_id)
            # Before the schedule's own run, which unpausing may bring.
            run = self.airflow.trigger(dag_id)
            self.airflow.unpause(dag_id)
            run = self.airflow.wait(run, seconds=900)
        except (TimeoutError, httpx.HTTPError) as error:
            raise SeedError(f"{dag_id}: {error}") from error
        if run.state != "success":
            raise SeedError(f"{dag_id} is {run.state}: {run.url}")

    def _load_year(self) -> None:
        command = [sys.executable, "-m", "sandbox.demo"]
        command += ["--square-url", f"http://127.0.0.1:{self.environment['SANDBOX_PORT']}"]
        command += ["--token", self.environment["SANDBOX_SQUARE_TOKEN"]]
        log = self.home.logs / "demo.log"
        with log.open("wb") as out:
            done = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        if done.returncode:
            raise SeedError(f"the demo's orders were not loaded: see {log}")


def is_seeded(home: Home) -> bool:
    done: list[str] = home.recall(STATE, [])
    return SWITCH_ON in done
