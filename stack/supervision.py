"""The components of the demo under supervisor: each in its own process group, restarted when it dies."""

import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from supervisor.xmlrpc import SupervisorTransport

from stack.home import Home
from stack.postgres import EmbeddedPostgres
from stack.processes import MARK, adopt_orphans, end_with_parent


@dataclass(frozen=True)
class Program:
    """A component. Supervisor stops the groups one after the other, the members of a group together."""

    name: str
    command: list[str]
    group: str
    stop_seconds: int
    stop_signal: str = "TERM"
    user: str | None = None


# Group → when it is stopped (the highest first). Together the slowest of each take less than the 20 s we promise.
STOP_ORDER = {"postgres": 100, "serve": 200, "work": 300}


def programs(postgres: EmbeddedPostgres, log_server_port: str) -> list[Program]:
    python = sys.executable
    airflow = [str(Path(python).parent / "airflow")]
    log_server = [python, "-m", "uvicorn", "--factory", "airflow.utils.serve_logs.log_server:get_app"]
    log_server += ["--host", "127.0.0.1", "--port", log_server_port, "--log-level", "warning", "--no-access-log"]
    return [
        # INT is Postgres' fast shutdown: it waits for no client.
        Program("postgres", postgres.command(), "postgres", 4, "INT", postgres.system_user),
        Program("sandbox", [python, "-m", "sandbox"], "serve", 4),
        Program("api-server", [*airflow, "api-server"], "serve", 4),
        Program("listener", [python, "-m", "listener"], "serve", 4),
        Program("log-server", log_server, "serve", 4),
        Program("dag-processor", [*airflow, "dag-processor"], "work", 4),
        Program("scheduler", [*airflow, "scheduler", "--skip-serve-logs"], "work", 4),
        Program("triggerer", [*airflow, "triggerer", "--skip-serve-logs"], "work", 4),
    ]


def configuration(home: Home, socket: Path, components: list[Program]) -> str:
    """
    supervisord.conf. Secrets are not in it: the components inherit their environment.

    Supervisor expands the names of files more than once, so that no % in them survives: they are relative to the home.
    """
    socket = Path(os.path.relpath(socket, home.folder))
    sections = [
        f"""[supervisord]
nodaemon=true
logfile=logs/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile=supervisord.pid
childlogdir=logs
[unix_http_server]
file={socket}
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{socket}
"""
    ]
    for program in components:
        command = " ".join(_quoted(word) for word in program.command)
        sections.append(
            f"""[program:{program.name}]
command={command}
autostart=false
autorestart=true
startretries=1000000
stopasgroup={"false" if program.name == "postgres" else "true"}
killasgroup=true
stopsignal={program.stop_signal}
stopwaitsecs={program.stop_seconds}
redirect_stderr=true
stdout_logfile=logs/{program.name}.log
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=1
"""
            + (f"user={program.user}\n" if program.user else "")
        )
    for group, priority in STOP_ORDER.items():
        members = ",".join(program.name for program in components if program.group == group)
        sections.append(f"[group:{group}]\nprograms={members}\npriority={priority}\n")
    # Supervisor expands %(...)s in values.
    return "\n".join(sections).replace("%", "%%")


def _quoted(word: str) -> str:
    """For supervisor's shell-like splitting of a command."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Supervisor:
    """A supervisord process and the way to talk to it."""

    def __init__(self, home: Home, postgres: EmbeddedPostgres, environment: Mapping[str, str]) -> None:
        self.home = home
        self.components = programs(postgres, environment["AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT"])
        # Postgres' folder is short enough for a socket's path and closed to others, but it belongs to another user
        # where we are root; its neighbour does not.
        self.socket = postgres.socket.with_name(f"{postgres.socket.name}.ctl")
        self.environment = dict(environment) | {MARK: str(home.folder)}
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> None:
        """Starts supervisord, which starts nothing yet; it stops everything if this process is killed."""
        file = self.home.folder / "supervisord.conf"
        file.write_text(configuration(self.home, self.socket, self.components))
        self.socket.unlink(missing_ok=True)
        adopt_orphans()
        with (self.home.logs / "supervisor.out").open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "supervisor.supervisord", "-c", str(file)],
                env=self.environment,
                cwd=self.home.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        deadline = time.monotonic() + 20
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"supervisor does not start: see {self.home.logs}/supervisor.out")
            time.sleep(0.02)

    def start(self, *names: str) -> None:
        rpc = xmlrpc.client.ServerProxy("http://loopback", SupervisorTransport(None, None, f"unix://{self.socket}"))
        for program in self.components:
            if program.name in names:
                rpc.supervisor.startProcess(f"{program.group}:{program.name}", False)

    def failing(self) -> dict[str, str]:
        """Component → what supervisor says of it, for those that do not stay up."""
        rpc = xmlrpc.client.ServerProxy("http://loopback", SupervisorTransport(None, None, f"unix://{self.socket}"))
        infos: list[dict[str, str]] = rpc.supervisor.getAllProcessInfo()  # type: ignore[assignment]
        return {info["name"]: info["description"] for info in infos if info["statename"] in ("BACKOFF", "FATAL")}

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self, seconds: float) -> None:
        """Asks supervisord to stop everything and waits for it, at most so long."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.socket.unlink(missing_ok=True)


def link_tools(home: Home, binaries: Path) -> None:
    """Puts the embedded psql on the PATH of the env file."""
    for tool in ("psql", "pg_dump", "pg_restore"):
        if (binaries / tool).exists():
            link = home.bin / tool
            link.unlink(missing_ok=True)
            link.symlink_to(binaries / tool)
