"""The steps from nothing, or from an earlier start's state, to a healthy demo."""

import hashlib
import json
import subprocess
import sys
import time
from importlib.metadata import version

import httpx
import psutil

from include.warehouse.bootstrap import bootstrap
from stack.airflow_api import AirflowApi
from stack.environment import ADMIN, LOGINS, Ports, connection_variables, inherited, variables, write_env_file
from stack.home import PROJECT, Home, is_free
from stack.postgres import BINARIES, SUPERUSER, EmbeddedPostgres
from stack.processes import MARK, end_all
from stack.seed import SeedError, Seeding, is_seeded
from stack.supervision import Supervisor, link_tools

# Small: the demo shares the machine. With half of both, a year's load waits for its own checkpoints (a fifth longer).
# JIT costs more than it brings at this size.
POSTGRES_SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB", "random_page_cost": "1.1", "jit": "off"}
# Whose change has both databases prepared again, besides migrations and settings.
MADE_BY = ("include/warehouse/bootstrap.py", "stack/prepare.py", "include/web/partner_roles.py")
# What wants a migrated database.
AFTER_MIGRATION = ("listener", "api-server", "scheduler", "dag-processor", "triggerer")
HEALTHY_SECONDS = 300


class StartupError(Exception):
    """The demo does not come up; the message says why and what to do."""


def clear_the_ground(home: Home, ports: Ports) -> None:
    """Ends what an earlier, killed start has left of itself. Raises StartupError if a port is somebody else's."""
    if left := end_all(home.folder, grace_seconds=8):
        print(f"Ended {len(left)} processes that an earlier start had left", flush=True)
    for name, port in ports.by_variable().items():
        if not is_free(port):
            other = next(candidate for candidate in range(port + 1, 65536) if is_free(candidate))
            raise StartupError(
                f"Port {port} is taken{_holder(port)}. End that program, or choose another: {name}={other} make run"
            )


class Startup:
    """One start. ``run`` returns when the demo is healthy and filled; ``supervisor`` then keeps it up."""

    def __init__(self, home: Home, ports: Ports) -> None:
        self.home = home
        self.ports = ports
        self.began = time.monotonic()
        self.postgres = EmbeddedPostgres(home.folder, POSTGRES_SETTINGS)
        self.environment = inherited() | variables(home, ports, self.postgres)
        self.environment["AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"] = str(not is_seeded(home))
        self.supervisor = Supervisor(home, self.postgres, self.environment)
        self.airflow = AirflowApi(ports.airflow_url, ADMIN, home.secrets()["admin_password"])

    def say(self, step: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {step}", flush=True)

    def run(self, *, demo: bool) -> None:
        self.start_postgres()
        self.prepare()
        self.start_airflow()
        self.say("Airflow is up")
        failure = self.seed() if demo else None
        self.welcome(failure)

    def start_postgres(self) -> None:
        self.say("starting Postgres" if (self.postgres.data / "PG_VERSION").exists() else "making a Postgres cluster")
        self.postgres.initialise()
        link_tools(self.home, BINARIES)
        write_env_file(self.home, variables(self.home, self.ports, self.postgres))
        self.supervisor.launch()
        self.supervisor.start("postgres", "sandbox")
        self.postgres.wait_until_ready()

    def prepare(self) -> None:
        """Migrations and settings, unless nothing they are made from has changed since they were last done."""
        self.environment |= self.google_variables()
        fingerprint = self.fingerprint()
        if self.home.recall("prepared.json", "") == fingerprint:
            return
        superuser_url = self.postgres.url("postgres", SUPERUSER)
        bootstrap(superuser_url, {}, {"airflow": "airflow", "storekeeper": "storekeeper_owner"})
        log = self.home.logs / "prepare.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "stack.prepare"],
                env=self.marked() | {"AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
            with process:
                for line in process.stdout or ():
                    if line.startswith("* "):
                        self.say(line[2:].strip())
                    else:
                        errors.write(line)
        if process.returncode:
            tail = "\n".join(log.read_text().splitlines()[-15:])
            raise StartupError(f"{tail}\n\nPreparing the databases failed. Everything it said: {log}")
        self.home.remember("prepared.json", fingerprint)

    def google_variables(self) -> dict[str, str]:
        """The service account that Google's stand-in accepts."""
        made: dict[str, str] = self.home.recall("google.json", {})
        if made.get("url") != self.ports.sandbox_url:
            command = [sys.executable, "-m", "sandbox.google.keyfile", self.ports.sandbox_url]
            done = subprocess.run(command, env=self.marked(), capture_output=True, text=True, check=True)
            made = {"url": self.ports.sandbox_url, "keyfile": done.stdout.strip()}
            self.home.remember("google.json", made)
        return {
            "GOOGLE_KEYFILE_JSON": made["keyfile"],
            "GOOGLE_API_ROOT": f"{self.ports.sandbox_url}/google",
            "GOOGLE_FOLDER_ID": "",
        }

    def fingerprint(self) -> str:
        made_from = [
            version("apache-airflow-core"),
            version("apache-airflow-providers-fab"),
            *((PROJECT / name).read_text() for name in MADE_BY),
            *(file.read_text() for file in sorted((PROJECT / "include/warehouse/sql/roles").glob("*.sql"))),
            *(file.read_text() for file in sorted((PROJECT / "include/warehouse/migrations").rglob("*.py"))),
            (PROJECT / "airflow_settings.yaml").read_text(),
            *connection_variables(self.home, self.ports, self.postgres).values(),
            *self.google_variables().values(),
        ]
        return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()

    def marked(self) -> dict[str, str]:
        return self.environment | {MARK: str(self.home.folder)}

    def start_airflow(self) -> None:
        self.say("starting Airflow")
        self.supervisor.start(*AFTER_MIGRATION)
        deadline = time.monotonic() + HEALTHY_SECONDS
        while missing := self.airflow.unhealthy() + self.unhealthy_listener():
            if failing := self.supervisor.failing():
                places = "; ".join(f"{name} ({why}): {self.home.logs}/{name}.log" for name, why in failing.items())
                raise StartupError(f"Does not stay up: {places}")
            if time.monotonic() > deadline:
                raise StartupError(
                    f"Not healthy after {HEALTHY_SECONDS} s: {', '.join(missing)}. Logs: {self.home.logs}"
                )
            time.sleep(0.25)
        self.supervisor.start("log-server")
        self.airflow.warm_up()
        self.airflow.log_in()
        if self.home.recall("logins.json", []) != sorted(LOGINS):
            for name, roles in LOGINS.items():
                self.airflow.ensure_user(name, self.home.secrets()[f"{name}_password"], roles)
            self.home.remember("logins.json", sorted(LOGINS))

    def unhealthy_listener(self) -> list[str]:
        try:
            answer = httpx.get(f"{self.ports.listener_url}/health", timeout=5, trust_env=False)
        except httpx.TransportError:
            return ["listener"]
        return ["listener"] if answer.is_error else []

    def seed(self) -> SeedError | None:
        try:
            Seeding(self.home, self.airflow, self.marked(), self.say).run()
        except SeedError as error:
            return error
        return None

    def welcome(self, failure: SeedError | None) -> None:
        if failure:
            print(f"\nThe demo is not complete: {failure}\nThe next start goes on from there.", file=sys.stderr)
        secrets = self.home.secrets()
        logins = "\n".join(
            f"    as {name + ',':<13} password {secrets[f'{name}_password']}   ({' and '.join(roles)} in Airflow)"
            for name, roles in LOGINS.items()
        )
        print(
            f"""
Storekeeper is up.

  Airflow            {self.ports.airflow_url}   user {ADMIN}, password {secrets["admin_password"]}
  The outside world  {self.ports.sandbox_url}   mails, sheets, the Square seller and the telephone of the demo
  Reports            {self.ports.airflow_url}/storekeeper/reports
  A partner's files  {self.ports.airflow_url}/storekeeper/partner   or drop them into {self.home.incoming_files}
{logins}
  Look first at      {self.ports.airflow_url}/dags/sales_report   then at its mail in the outside world
  Ring, or order     {self.ports.sandbox_url}   "Ring, nobody answers" five times, "Place a $600 order"
  Sell another day   {self.ports.airflow_url}/dags/business_day_simulator   (Trigger)
  A second terminal  source {self.home.env_file}   then `airflow dags list` or `psql "$STOREKEEPER_DB_URL"`
  Logs               {self.home.logs}

Ctrl-C stops everything."""
        )
        sys.stdout.flush()


def _holder(port: int) -> str:
    """ " by … (pid …)" where the system tells us."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        return ""
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.pid and connection.laddr[1:] == (port,):
            return f" by {psutil.Process(connection.pid).name()} (pid {connection.pid})"
    return ""
