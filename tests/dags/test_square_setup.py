from airflow.utils.state import DagRunState

from include.config import load_chain
from tests.dags.conftest import Airflow
from tests.sandbox_process import Sandbox


def result(run: object) -> list[str]:
    (instance,) = run.get_task_instances()  # type: ignore[attr-defined]
    changes: list[str] = instance.xcom_pull(task_ids=instance.task_id)
    return changes


def test_a_run_makes_the_chain_and_the_next_changes_nothing(airflow: Airflow, sandbox: Sandbox) -> None:
    first = airflow.run("square_setup")
    assert first.state == DagRunState.SUCCESS
    assert "made location Manhattan" in result(first)
    second = airflow.run("square_setup")
    assert second.state == DagRunState.SUCCESS
    assert result(second) == []
    locations = sandbox.request("GET", "/square/v2/locations").json()["locations"]
    assert sorted(each["name"] for each in locations) == sorted(each.name for each in load_chain().locations)
