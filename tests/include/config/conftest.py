import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from include.config.chain import DEMO_FOLDER

Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo chain's files."""
    return Path(shutil.copytree(DEMO_FOLDER, tmp_path / "chain"))


@pytest.fixture
def edit(folder: Path) -> Edit:
    """Replaces the first place in a file of the copy where some words stand."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        text = path.read_text()
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1))

    return replace
