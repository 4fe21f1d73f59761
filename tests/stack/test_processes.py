import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from stack.processes import MARK

# Starts what must be ended, then ends it, as a process of its own: the test session has children that must live on.
CLEANER = """
import json, subprocess, sys, time
from pathlib import Path
from stack.processes import adopt_orphans, end_all
adopt_orphans()
pids = []
for command in json.loads(sys.argv[2]):
    shell = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, text=True)
    pids.append(int(shell.stdout))
end_all(Path(sys.argv[1]), grace_seconds=0.3)
print(json.dumps(pids))
"""
# Each leaves a process behind whose parent is gone, and prints its number.
ORPHANS = {
    "in its own session": "setsid sleep 600 >/dev/null 2>&1 & echo $!",
    "deaf to SIGTERM": "sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 & echo $!",
    "with an empty environment": "env -i setsid sleep 600 >/dev/null 2>&1 & echo $!",
}


def end(home: Path, commands: list[str]) -> list[int]:
    environment = os.environ | {MARK: str(home)}
    done = subprocess.run(
        [sys.executable, "-c", CLEANER, str(home), json.dumps(commands)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    pids: list[int] = json.loads(done.stdout)
    return pids


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands orphans to an ancestor")
@pytest.mark.parametrize("command", ORPHANS.values(), ids=ORPHANS)
def test_an_orphan_is_ended(tmp_path: Path, command: str) -> None:
    [pid] = end(tmp_path, [command])
    assert not psutil.pid_exists(pid)


def test_what_an_earlier_start_left_is_known_by_its_mark(tmp_path: Path) -> None:
    home, other_home = tmp_path / "home", tmp_path / "other"
    ours = subprocess.Popen(["sleep", "600"], env=os.environ | {MARK: str(home)}, start_new_session=True)
    others = subprocess.Popen(["sleep", "600"], env=os.environ | {MARK: str(other_home)}, start_new_session=True)
    try:
        end(home, [])
        assert ours.wait(5) < 0
        assert others.poll() is None
    finally:
        for process in (ours, others):
            process.kill()
            process.wait()
