"""What every DAG owes: a runbook, an owner, tags, retries, bounds on its time, and a mail when it fails."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.definitions.dag import DAG

from tests.conftest import DAGS

DAG_FILES = sorted(DAGS.glob("*.py"))
# Each of these costs every task process 0.1 s or more; the task functions import what they need.
HEAVY = {"pandas", "square", "gspread", "googleapiclient", "psycopg", "numpy", "jinja2", "babel", "alembic", "httpx"}


@pytest.fixture(params=DAG_FILES, ids=lambda path: path.stem)
def dag(request: pytest.FixtureRequest, dag_bag: DagBag) -> DAG:
    found = dag_bag.dags.get(request.param.stem)
    assert found is not None, f"{request.param.name} must define the DAG {request.param.stem}"
    return found


def test_the_module_docstring_is_the_runbook(dag: DAG) -> None:
    module = ast.parse((DAGS / f"{dag.dag_id}.py").read_text())
    assert dag.doc_md is not None
    assert dag.doc_md.strip() == (ast.get_docstring(module, clean=False) or "").strip()
    assert "when it fails" in dag.doc_md.lower(), "say what to do when it fails"


def test_a_dag_has_owner_tags_and_bounds(dag: DAG) -> None:
    assert dag.owner == "storekeeper"
    assert dag.tags
    assert dag.max_active_runs >= 1
    assert dag.dagrun_timeout is not None
    assert dag.catchup is False


def test_every_task_retries_ends_and_mails_its_failure(dag: DAG) -> None:
    assert dag.tasks
    for task in dag.tasks:
        assert task.retries, task.task_id
        assert task.execution_timeout, task.task_id
        assert task.on_failure_callback, task.task_id


def test_every_param_says_what_it_is_for(dag: DAG) -> None:
    for name in dag.params:
        assert dag.params.get_param(name).description, name


def test_parsing_the_dag_files_imports_nothing_heavy() -> None:
    program = f"""
import sys
import airflow.sdk, airflow.timetables.interval, airflow.timetables.trigger, airflow.timetables.assets
before = set(sys.modules)
sys.path[:0] = [{str(DAGS.parent)!r}, {str(DAGS)!r}]
for name in {[path.stem for path in DAG_FILES]!r}:
    __import__(name)
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert HEAVY & {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()} == set()


def test_the_folder_holds_dag_files_only(dag_bag: DagBag) -> None:
    assert {path.stem for path in DAG_FILES} == set(dag_bag.dags)


def test_a_dag_file_is_read_in_two_screens() -> None:
    long = {path.name: lines for path in DAG_FILES if (lines := len(Path(path).read_text().splitlines())) > 140}
    assert long == {}
