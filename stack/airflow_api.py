"""What start-up and the tests ask of Airflow's REST API."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

# The states after which a run changes no more.
FINISHED = ("success", "failed")


@dataclass(frozen=True)
class Run:
    """A DAG run and where people see it."""

    dag_id: str
    run_id: str
    state: str
    url: str


class AirflowApi:
    """:param url: Airflow's base URL, such as http://127.0.0.1:8080."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        self._credentials = {"username": user, "password": password}
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)

    def unhealthy(self) -> list[str]:
        """What does not answer yet; empty when the whole of Airflow is up."""
        try:
            answer = self.http.get("/api/v2/monitor/health", timeout=5)
        except httpx.TransportError:
            return ["api-server"]
        if answer.is_error:
            return ["api-server"]
        return sorted(name for name, part in answer.json().items() if part.get("status") != "healthy")

    def warm_up(self) -> None:
        """The API that tasks talk to is built at its first request, which would cost the first task 8 s."""
        self.http.get("/execution/health", timeout=60).raise_for_status()

    def log_in(self) -> None:
        """Raises httpx.HTTPStatusError if the user or the password is refused."""
        answer = self.http.post("/auth/token", json=self._credentials).raise_for_status()
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def ensure_user(self, name: str, password: str, roles: list[str]) -> None:
        """Makes the user unless there is one of that name.

        :param roles: Airflow's own (Viewer, User, Op, Admin), and ours (include.web.partner_roles).
        """
        user = {
            "username": name,
            "password": password,
            "email": f"{name}@example.com",
            "first_name": "Demo",
            "last_name": name.title(),
            "roles": [{"name": role} for role in roles],
        }
        answer = self.http.post("/auth/fab/v1/users", json=user)
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()

    def wait_for_dag(self, dag_id: str, seconds: float = 120) -> None:
        """Raises TimeoutError if Airflow has not read the DAG by then."""
        deadline = time.monotonic() + seconds
        while (answer := self.http.get(f"/api/v2/dags/{dag_id}")).status_code == 404:
            if time.monotonic() > deadline:
                errors = self.http.get("/api/v2/importErrors").json()["import_errors"]
                broken = ", ".join(error["filename"] for error in errors) or "none"
                raise TimeoutError(
                    f"Airflow does not know the DAG {dag_id} after {seconds:.0f} s; broken files: {broken}"
                )
            time.sleep(0.5)
        answer.raise_for_status()

    def unpause(self, dag_id: str) -> None:
        """Switches a DAG on, and has its file parsed: only then does Airflow attach its watchers."""
        dag = self.http.patch(f"/api/v2/dags/{dag_id}", json={"is_paused": False}).raise_for_status().json()
        answer = self.http.put(f"/api/v2/parseDagFile/{dag['file_token']}")
        if answer.status_code != httpx.codes.CONFLICT:  # it has been asked for already
            answer.raise_for_status()

    def unpause_all(self) -> None:
        dags = self.http.get("/api/v2/dags", params={"paused": True, "limit": 1000}).raise_for_status().json()["dags"]
        for dag in dags:
            self.unpause(dag["dag_id"])

    def trigger(self, dag_id: str, conf: dict[str, Any] | None = None) -> Run:
        body = {"logical_date": datetime.now(UTC).isoformat(), "conf": conf or {}}
        answer = self.http.post(f"/api/v2/dags/{dag_id}/dagRuns", json=body).raise_for_status()
        return self._run(answer.json())

    def wait(self, run: Run, seconds: float) -> Run:
        """The run when it has finished, or as it stands after so many seconds."""
        path = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}/wait"
        deadline = time.monotonic() + seconds
        # The answer is one line of JSON for each look, and ends with the run.
        with self.http.stream("GET", path, params={"interval": 0.5}, timeout=30) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                if json.loads(line)["state"] in FINISHED or time.monotonic() > deadline:
                    break
        return self.run(run.dag_id, run.run_id)

    def run(self, dag_id: str, run_id: str) -> Run:
        return self._run(self.http.get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}").raise_for_status().json())

    def runs(self, dag_id: str) -> list[Run]:
        """Newest first."""
        answer = self.http.get(f"/api/v2/dags/{dag_id}/dagRuns", params={"order_by": "-run_after"}).raise_for_status()
        return [self._run(body) for body in answer.json()["dag_runs"]]

    def wait_for_runs(self, dag_id: str, seconds: float) -> list[Run]:
        """Newest first; empty if there is none after so many seconds."""
        deadline = time.monotonic() + seconds
        while not (runs := self.runs(dag_id)) and time.monotonic() < deadline:
            time.sleep(0.25)
        return runs

    def _run(self, body: dict[str, Any]) -> Run:
        dag_id, run_id = body["dag_id"], body["dag_run_id"]
        return Run(dag_id, run_id, body["state"], f"{self.url}/dags/{dag_id}/runs/{run_id}")
