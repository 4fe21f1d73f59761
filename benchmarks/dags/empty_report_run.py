"""The floor of a report: one empty task."""

from airflow.sdk import dag, task


@dag(schedule=None, catchup=False)
def empty_report_run() -> None:
    @task
    def nothing() -> None: ...

    nothing()


empty_report_run()
