"""`make run`: brings the whole demo up on this machine and keeps it up until it is told to stop.

    python -m stack.run [--no-demo]

Ctrl-C, SIGTERM and SIGHUP end every process that was started, within 20 s. State is kept in STOREKEEPER_HOME.
"""

import argparse
import os
import signal
import sys
from types import FrameType

from stack.environment import PortError, Ports
from stack.home import Home
from stack.processes import end_all, end_with_parent, reap
from stack.single import AlreadyRunningError, only_one
from stack.startup import Startup, StartupError, clear_the_ground

# Of the 20 s that a stop may take, supervisor's orderly stop gets these; what is left then is killed.
ORDERLY_STOP_SECONDS = 15
LEFT_OVER_SECONDS = 2


class Stop(BaseException):
    """Someone asked for the end."""


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="make run", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--no-demo", action="store_true", help="load no demo chain on the first start")
    parser.add_argument("--end-with-parent", action="store_true", help="stop when the starting process is killed")
    arguments = parser.parse_args()
    if arguments.end_with_parent:
        end_with_parent()
    home = Home.from_environment()
    home.create()
    try:
        ports = Ports.from_environment()
        with only_one(home, ports.airflow_url):
            clear_the_ground(home, ports)
            _run(Startup(home, ports), demo=not arguments.no_demo)
    except (AlreadyRunningError, PortError, StartupError) as error:
        sys.exit(f"\n{error}")


def _run(startup: Startup, *, demo: bool) -> None:
    wake = _listen_for_signals()
    try:
        startup.run(demo=demo)
        _wait(startup, wake)
    except Stop:
        print("\nStopping…", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        startup.supervisor.stop(ORDERLY_STOP_SECONDS)
        end_all(startup.home.folder, LEFT_OVER_SECONDS)
        print("Storekeeper has stopped; no process is left.", flush=True)


def _listen_for_signals() -> int:
    """From here on the three signals raise Stop. :return: a descriptor that becomes readable with every signal."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    # A child's end must wake _wait; the handler itself has nothing to do.
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
    return readable


def _wait(startup: Startup, wake: int) -> None:
    """Until a signal raises Stop, or supervisor dies, for then nothing comes back. Adopted orphans are reaped."""
    while startup.supervisor.is_running():
        reap()
        os.read(wake, 4096)
    raise StartupError(f"supervisor has died: see {startup.home.logs}/supervisor.log")


if __name__ == "__main__":
    main()
