"""The process itself: how it starts, what it remembers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox_process import Sandbox, running_sandbox

SECRETS = ("SANDBOX_SQUARE_TOKEN", "SANDBOX_SQUARE_WEBHOOK_KEY")


@pytest.mark.parametrize("missing", ["SANDBOX_STATE", *SECRETS])
def test_it_does_not_start_without_its_settings_and_names_the_variable(tmp_path: Path, missing: str) -> None:
    settings = {"SANDBOX_STATE": str(tmp_path), **dict.fromkeys(SECRETS, "secret")}
    del settings[missing]
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox"], env=os.environ | settings, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode != 0
    assert ended.stderr.startswith(f"sandbox: {missing} is not set")


def locations(sandbox: Sandbox) -> list[str]:
    answer = sandbox.request("GET", "/square/v2/locations").json()
    return [location["name"] for location in answer.get("locations", [])]


def test_its_state_survives_a_restart(tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "state") as sandbox:
        sandbox.request("POST", "/square/v2/locations", json={"location": {"name": "Manhattan"}})
    with running_sandbox(tmp_path / "state") as sandbox:
        assert locations(sandbox) == ["Manhattan"]
        sandbox.reset()
        assert locations(sandbox) == []
