"""One-off requests for the reports that are DAGs of their own."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from include.web.airflow_runs import start_run
from include.web.api.runs import RunDetails, accepted
from include.web.database import Db
from include.web.security import Reader

router = APIRouter(tags=["requests"], prefix="/requests")

Params = Annotated[
    dict[str, Any],
    Body(description="Values of the DAG's params, as its form in Airflow explains them; those left out have defaults."),
]


@router.post("/products-sold", status_code=202, response_model=RunDetails)
def request_products_sold(user: Reader, database: Db, request: Request, params: Params) -> Response:
    """Products sold, for a period and a choice of markets or locations."""
    run_id = start_run(database, user, dag_id="products_sold_report", title="Products sold", conf=params)
    return accepted(request, database, run_id)


@router.post("/sales", status_code=202, response_model=RunDetails)
def request_sales(user: Reader, database: Db, request: Request, params: Params) -> Response:
    """The sales report of a day or a period."""
    run_id = start_run(database, user, dag_id="sales_report", title="Sales report", conf=params)
    return accepted(request, database, run_id)
