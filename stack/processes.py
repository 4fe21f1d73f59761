"""Ending for certain what one start of the stack has started, also what left its process group or lost its parent.

Airflow's tasks run in process groups of their own and outlive a killed scheduler, so groups are not enough. Every
process inherits a variable that names the home; it is found again by that, and, on Linux, because orphans become
children of the top process.
"""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import psutil

MARK = "STOREKEEPER_STACK"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Makes this process the parent of every descendant whose own parent dies (Linux; elsewhere the mark must do)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """Has the kernel send this process SIGTERM when its parent dies, however that dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def reap() -> None:
    """Takes the exit status of every child that has ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def started_for(home: Path) -> list[psutil.Process]:
    """The living processes, this one aside, that it or an earlier start in ``home`` has started."""
    found = {*psutil.Process().children(recursive=True), *marked_for(home)}
    return [process for process in found if is_alive(process)]


def marked_for(home: Path) -> list[psutil.Process]:
    """The processes that carry the mark of ``home``, whoever their parent is."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(home) and process.pid != os.getpid():
                found.append(process)
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue  # another user's, or gone: not ours
    return found


def end_all(home: Path, grace_seconds: float) -> list[psutil.Process]:
    """
    Ends what is left: asks politely, after ``grace_seconds`` SIGKILL, until nothing is found any more.

    :return: the processes that were found at first.
    """
    at_first = started_for(home)
    for process in at_first:
        send(process, polite_signal(process))
    deadline = time.monotonic() + grace_seconds
    while time.monotonic() < deadline and started_for(home):
        reap()
        time.sleep(0.05)
    # A process may start another while we look: look again until a look finds none.
    while left := started_for(home):
        for process in left:
            send(process, signal.SIGKILL)
        reap()
        time.sleep(0.05)
    reap()
    return at_first


def polite_signal(process: psutil.Process) -> signal.Signals:
    """Postgres waits for its clients on SIGTERM, and only ends their sessions on SIGINT."""
    try:
        return signal.SIGINT if process.name() == "postgres" else signal.SIGTERM
    except psutil.NoSuchProcess:
        return signal.SIGTERM


def is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
