import os
import re
import subprocess
from pathlib import Path

from stack.home import PROJECT


def make(*arguments: str) -> str:
    return subprocess.run(
        ["make", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    ).stdout


def test_help_is_the_default_and_lists_every_target() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert {"run", "test", "bench", "lint", "reset", "help"} <= set(targets)
    listed = re.findall(r"^([a-z]+) ", make(), re.MULTILINE)
    assert listed[: len(targets)] == targets


def test_an_old_python_is_refused_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "set-up.sh").write_text((PROJECT / "stack" / "set-up.sh").read_text())
    tools = tmp_path / "bin"
    tools.mkdir()
    for version in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (tools / version).write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 || exit 1\n')
        (tools / version).chmod(0o755)
    done = subprocess.run(
        ["sh", "stack/set-up.sh"],
        cwd=tmp_path,
        env={"PATH": f"{tools}:{os.defpath}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "3.11 to 3.14; found: Python 3.9.2" in done.stderr
    assert "PYTHON=" in done.stderr


def test_no_requirement_file_names_a_place() -> None:
    for file in PROJECT.glob("requirements*"):
        assert not re.search(r"://|--index|--find-links", file.read_text()), file


def test_the_image_installs_with_the_locked_uv() -> None:
    [locked] = re.findall(r"^uv==(\S+)", (PROJECT / "requirements-dev.txt").read_text(), re.MULTILINE)
    assert f"ARG UV_VERSION={locked}\n" in (PROJECT / "Dockerfile").read_text()
