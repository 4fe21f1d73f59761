"""Every variable that the demo's processes run with, and the shell file that gives them to a second terminal."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from include.web.partner_roles import EXPORT_ROLE, UPLOAD_ROLE
from stack.home import PROJECT, Home, write_private
from stack.postgres import EmbeddedPostgres

ADMIN = "admin"
# The demo's other logins and their roles in Airflow: what each of them may do is Airflow's to say.
LOGINS = {
    "manager": ["User"],
    "operator": ["Op"],
    "viewer": ["Viewer"],
    "uploader": ["Viewer", UPLOAD_ROLE],
    "exporter": ["Viewer", EXPORT_ROLE],
}
LOOPBACK = "127.0.0.1"
ARI_USER = "storekeeper"
SQUARE_WEBHOOK = "/webhooks/square"


# What people reach at a port: the variable that sets it, and its default.
VARIABLES = {"airflow": ("AIRFLOW_PORT", 8080), "sandbox": ("SANDBOX_PORT", 8081), "listener": ("LISTENER_PORT", 8090)}


class PortError(Exception):
    """A port variable that holds no port; the message names it."""


@dataclass(frozen=True)
class Ports:
    """The ports that people open; the others are chosen (Home.free_port)."""

    airflow: int
    sandbox: int
    listener: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Ports":
        def port(name: str, default: int) -> int:
            text = environment.get(name, "") or str(default)
            if text.isdecimal() and 0 < int(text) < 65536:
                return int(text)
            raise PortError(f"{name} is {text!r}: set a port between 1 and 65535")

        return cls(**{part: port(name, default) for part, (name, default) in VARIABLES.items()})

    def by_variable(self) -> dict[str, int]:
        """Name of the variable that sets it → port."""
        return {name: getattr(self, part) for part, (name, _) in VARIABLES.items()}

    @property
    def airflow_url(self) -> str:
        return f"http://{LOOPBACK}:{self.airflow}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{LOOPBACK}:{self.sandbox}"

    @property
    def listener_url(self) -> str:
        return f"http://{LOOPBACK}:{self.listener}"


def variables(home: Home, ports: Ports, postgres: EmbeddedPostgres) -> dict[str, str]:
    """Name → value; they go over what is inherited."""
    secrets = home.secrets()
    metadata_url = postgres.url("airflow", "airflow")
    return {
        "STOREKEEPER_HOME": str(home.folder),
        "STOREKEEPER_OUTPUTS": str(PROJECT / os.environ.get("STOREKEEPER_OUTPUTS", "outputs")),
        "STOREKEEPER_PARTNER_FILES": str(home.partner_files),
        "STOREKEEPER_DB_URL": postgres.url("storekeeper", "storekeeper_app"),
        "STOREKEEPER_OWNER_DB_URL": postgres.url("storekeeper", "storekeeper_owner"),
        **{name: str(port) for name, port in ports.by_variable().items()},
        **sandbox_variables(home, ports),
        **listener_variables(home, ports, postgres),
        **connection_variables(home, ports, postgres),
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW_ADMIN_USER": ADMIN,
        "AIRFLOW_ADMIN_PASSWORD": secrets["admin_password"],
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # LocalExecutor forks all its workers at once, 140 MB (shared) each.
        "AIRFLOW__CORE__PARALLELISM": str(max(4, 2 * (os.cpu_count() or 1))),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        # Another folder is for the benchmarks, which bring DAGs of their own.
        "AIRFLOW__CORE__DAGS_FOLDER": os.environ.get("STOREKEEPER_DAGS", str(PROJECT / "dags")),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__AUTH_MANAGER": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
        "AIRFLOW__CORE__FERNET_KEY": secrets["fernet_key"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{ports.airflow_url}/execution/",
        # The name under which a task's log is fetched while it runs: the log server listens on the loopback only.
        "AIRFLOW__CORE__HOSTNAME_CALLABLE": "stack.loopback.hostname",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": metadata_url.replace("postgresql:", "postgresql+psycopg2:"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": metadata_url.replace("postgresql:", "postgresql+asyncpg:"),
        "AIRFLOW__API__HOST": LOOPBACK,
        "AIRFLOW__API__PORT": str(ports.airflow),
        "AIRFLOW__API__BASE_URL": ports.airflow_url,
        "AIRFLOW__API__SECRET_KEY": secrets["api_secret_key"],
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets["jwt_secret"],
        "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
        # How long a task counts as running when its own process vanished (90 s), and when its scheduler did.
        "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "90",
        "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "30",
        # Right after the start the API that tasks talk to is still being built.
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "30",
        # A third of all tasks hold their slot for as long as this after their process has ended (docs/decisions/0006).
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "20",
        # A changed file is parsed at once all the same; without this the unchanged ones cost half a core.
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(home.free_port("task logs")),
        "NO_PROXY": ",".join(filter(None, [os.environ.get("NO_PROXY", ""), LOOPBACK, "localhost"])),
        "PYTHONPATH": str(PROJECT),
        # Else a process title overwrites the environment by which left-over processes are known (stack.processes).
        "SPT_NOENV": "1",
        "PATH": os.pathsep.join([str(home.bin), str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


def sandbox_variables(home: Home, ports: Ports) -> dict[str, str]:
    secrets = home.secrets()
    return {
        "SANDBOX_STATE": str(home.sandbox),
        "SANDBOX_SMTP_PORT": str(home.free_port("smtp")),
        "SANDBOX_SQUARE_TOKEN": secrets["square_token"],
        "SANDBOX_SQUARE_WEBHOOK_KEY": secrets["square_webhook_key"],
        "SANDBOX_SQUARE_WEBHOOK_URL": f"{ports.listener_url}{SQUARE_WEBHOOK}",
        "SANDBOX_ARI_USER": ARI_USER,
        "SANDBOX_ARI_PASSWORD": secrets["ari_password"],
        "SANDBOX_LISTENER_URL": ports.listener_url,
        "SANDBOX_ORDER_SECRET": secrets["order_secret"],
        "SANDBOX_PARTNER_FOLDER": str(home.incoming_files),
    }


def listener_variables(home: Home, ports: Ports, postgres: EmbeddedPostgres) -> dict[str, str]:
    """The telephone system and the ordering platform that it hears are the stand-ins."""
    secrets = home.secrets()
    return {
        "STOREKEEPER_LISTENER_DB_URL": postgres.url("storekeeper", "storekeeper_listener"),
        "LISTENER_SPOOL": str(home.listener),
        "CALL_FEED": "ari",
        "ARI_URL": ports.sandbox_url,
        "ARI_USER": ARI_USER,
        "ARI_PASSWORD": secrets["ari_password"],
        "SQUARE_WEBHOOK_SIGNATURE_KEY": secrets["square_webhook_key"],
        "SQUARE_WEBHOOK_URL": f"{ports.listener_url}{SQUARE_WEBHOOK}",
        "ORDER_PROVIDERS": str(PROJECT / "listener" / "order_providers.yaml"),
        "DEMO_EATS_SECRET": secrets["order_secret"],
    }


def connection_variables(home: Home, ports: Ports, postgres: EmbeddedPostgres) -> dict[str, str]:
    """What airflow_settings.yaml asks for, pointing at the embedded Postgres and the stand-ins."""
    return {
        "STOREKEEPER_DB_HOST": str(postgres.socket),
        "STOREKEEPER_DB_PORT": "5432",
        "STOREKEEPER_APP_PASSWORD": "",
        "STOREKEEPER_REPORT_PASSWORD": "",
        "SQUARE_URL": f"{ports.sandbox_url}/square",
        "SQUARE_ACCESS_TOKEN": home.secrets()["square_token"],
        "SMTP_HOST": LOOPBACK,
        "SMTP_PORT": str(home.free_port("smtp")),
        "SMTP_USER": "",
        "SMTP_PASSWORD": "",
        "SMTP_FROM": "storekeeper@example.com",
        "SMTP_DISABLE_SSL": "true",
        "SMTP_DISABLE_TLS": "true",
    }


def inherited() -> dict[str, str]:
    """Our own environment without what would disturb: another Airflow's settings, a ban on bytecode."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AIRFLOW_") and name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME")
    }


def write_env_file(home: Home, values: Mapping[str, str]) -> None:
    """Writes the file to be sourced by a shell. It holds secrets: only its owner may read it."""
    lines = ["# Written at each start. In a second terminal: source this file, then `airflow dags list`."]
    for name, value in values.items():
        if name == "PATH":
            ours = value.removesuffix(os.environ["PATH"])
            lines.append(f'export PATH={shlex.quote(ours)}"$PATH"')
        else:
            lines.append(f"export {name}={shlex.quote(value)}")
    write_private(home.env_file, "\n".join(lines) + "\n")
