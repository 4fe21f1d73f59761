import json
import os
import subprocess
from pathlib import Path

import pytest

from stack.environment import PortError, Ports, inherited, variables, write_env_file
from stack.home import Home
from stack.postgres import EmbeddedPostgres

PORTS = Ports(airflow=18080, sandbox=18081, listener=18090)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "a home's 100% name")
    home.create()
    return home


@pytest.fixture
def values(home: Home) -> dict[str, str]:
    return variables(home, PORTS, EmbeddedPostgres(home.folder))


def test_the_env_file_gives_a_shell_every_variable(home: Home, values: dict[str, str]) -> None:
    write_env_file(home, values)
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    script = '. "$1" && exec "$2" -c "$3"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", str(home.env_file), "python3", show], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout).items() >= values.items()


def test_the_env_file_keeps_the_path_of_the_second_terminal(home: Home, values: dict[str, str]) -> None:
    write_env_file(home, values)
    assert '"$PATH"' in home.env_file.read_text()
    assert os.environ["PATH"] not in home.env_file.read_text()


def test_only_the_owner_may_read_the_env_file(home: Home, values: dict[str, str]) -> None:
    write_env_file(home, values)
    assert home.env_file.stat().st_mode & 0o077 == 0


def test_every_address_is_on_the_loopback(values: dict[str, str]) -> None:
    assert values["AIRFLOW__API__HOST"] == "127.0.0.1"
    urls = [value for value in values.values() if value.startswith("http")]
    assert urls
    assert all(url.startswith("http://127.0.0.1:") for url in urls)


def test_the_demo_logs_people_in_as_production_does(values: dict[str, str]) -> None:
    assert values["AIRFLOW__CORE__AUTH_MANAGER"].endswith(".FabAuthManager")


def test_ports_default_to_the_documented_ones() -> None:
    assert Ports.from_environment({}) == Ports(airflow=8080, sandbox=8081, listener=8090)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1"])
def test_a_wrong_port_is_named(text: str) -> None:
    with pytest.raises(PortError, match="SANDBOX_PORT"):
        Ports.from_environment({"SANDBOX_PORT": text})


def test_another_airflows_settings_are_not_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "True")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert not {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS", "PYTHONDONTWRITEBYTECODE"} & inherited().keys()
