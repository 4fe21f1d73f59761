"""One `make run` per state folder."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from stack.home import Home


class AlreadyRunningError(Exception):
    """Another process runs the stack from this home; the message says which and how to end it."""


@contextmanager
def only_one(home: Home, url: str) -> Iterator[None]:
    """Holds the home's lock, which the kernel frees however this process ends. :param url: told to who comes second."""
    descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(_holder(file.read())) from None
        file.truncate()
        now = datetime.now().astimezone().isoformat(" ", "seconds")
        json.dump({"pid": os.getpid(), "url": url, "since": now, "home": str(home.folder)}, file)
        file.flush()
        try:
            yield
        finally:
            file.seek(0)
            file.truncate()


def _holder(text: str) -> str:
    if not text:
        return "Storekeeper is just starting or stopping here."
    holder = json.loads(text)
    return (
        f"Storekeeper is already running from {holder['home']} since {holder['since']} (pid {holder['pid']}): "
        f"{holder['url']}\nStop it with Ctrl-C in its terminal or with: kill {holder['pid']}\n"
        "A second copy needs its own STOREKEEPER_HOME, AIRFLOW_PORT, SANDBOX_PORT and LISTENER_PORT."
    )
