import os
import subprocess
import sys
from pathlib import Path

import pytest

from stack.home import Home
from stack.single import AlreadyRunningError, only_one


def make_home(folder: Path) -> Home:
    home = Home(folder)
    home.create()
    return home


def test_the_second_is_told_who_runs_and_where(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with (
        only_one(home, "http://127.0.0.1:18080"),
        pytest.raises(AlreadyRunningError, match=rf"pid {os.getpid()}\): http://127.0.0.1:18080"),
        only_one(home, "http://127.0.0.1:18090"),
    ):
        pass


def test_it_may_start_again_after_an_orderly_end(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    for _ in range(2):
        with only_one(home, "url"):
            pass


def test_a_killed_start_holds_nobody_up(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    script = (
        "import sys; from pathlib import Path; from stack.home import Home; from stack.single import only_one\n"
        "with only_one(Home(Path(sys.argv[1])), 'url'): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        process.kill()
    with only_one(home, "url"):
        pass
