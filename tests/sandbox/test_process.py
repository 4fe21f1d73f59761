"""The process itself: how it starts, what it remembers."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from sandbox.settings import Settings, SettingsError
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


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"SANDBOX_ARI_USER": "storekeeper"}, "SANDBOX_ARI_PASSWORD is not set"),
        ({"SANDBOX_ARI_PASSWORD": "secret"}, "SANDBOX_ARI_USER is not set"),
        ({"SANDBOX_LISTENER_URL": "http://127.0.0.1:8090"}, "SANDBOX_ORDER_SECRET is not set"),
        ({"SANDBOX_ORDER_SECRET": "secret"}, "SANDBOX_ORDER_SECRET is no signing secret"),
        ({"SANDBOX_ORDER_SECRET": "whsec_?"}, "SANDBOX_ORDER_SECRET is no signing secret"),
    ],
)
def test_settings_that_belong_together_are_checked(settings: dict[str, str], complaint: str) -> None:
    required = {"SANDBOX_STATE": "state", **dict.fromkeys(SECRETS, "secret")}
    with pytest.raises(SettingsError, match=f"^{complaint}"):
        Settings.from_environment(required | settings)


def test_without_its_settings_there_is_no_telephone_and_no_ordering_platform(tmp_path: Path) -> None:
    off = ("SANDBOX_ARI_USER", "SANDBOX_ARI_PASSWORD", "SANDBOX_LISTENER_URL", "SANDBOX_ORDER_SECRET")
    with running_sandbox(tmp_path / "state", dict.fromkeys(off, "")) as sandbox:
        sandbox.request("POST", "/square/v2/locations", json={"location": {"name": "Manhattan"}})
        page = sandbox.client.get(sandbox.url).text
        assert "There is no telephone" in page
        assert "Demo Eats" not in page
        assert sandbox.client.get(f"{sandbox.ari_url}/channels").status_code == 404
        for path, wish in (
            ("phone/calls", {"scenario": "busy"}),
            (
                "online-orders",
                {"location": "Manhattan", "amount": 1, "due_at": "tomorrow 09:00", "provider": "demo-eats"},
            ),
        ):
            with pytest.raises(httpx.HTTPStatusError, match="400"):
                sandbox.request("POST", f"/sandbox/{path}", json=wish)


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
