"""The floor of the business day: as many empty tasks in the same shape as the real DAGs have."""

from airflow.sdk import dag, task

LOCATIONS = 4


@task
def nothing(_item: object = None) -> list[int]:
    return [0]


@dag(schedule=None, catchup=False)
def empty_business_day_simulator() -> None:
    nothing()


@dag(schedule=None, catchup=False)
def empty_square_sync() -> None:
    nothing.override(task_id="orders").expand(_item=nothing()) >> nothing.override(task_id="gold")()


@dag(schedule=None, catchup=False)
def empty_sales_report() -> None:
    nothing.expand(_item=list(range(LOCATIONS)))
    nothing.override(task_id="chain_report")()


empty_business_day_simulator()
empty_square_sync()
empty_sales_report()
