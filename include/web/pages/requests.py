"""Asking for one of the chain's own reports: what was sold, and sales."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from include.report_runs import get_run
from include.web.airflow_runs import start_run
from include.web.database import Db
from include.web.pages.dag_params import ParamField, read_conf, read_fields, wrong_param
from include.web.pages.forms import SentForm
from include.web.pages.rendering import page
from include.web.problems import Problem
from include.web.security import Reader, User, missing_right

# Name in the address → DAG, title, and what it is.
REPORTS = {
    "products-sold": (
        "products_sold_report",
        "Products sold",
        "What each product and size brought in: units, sales, discounts, refunds, tax, extras, ranks and margins, "
        "against the period before and the year before. As a Google Sheet or an Excel file with a tab for each market.",
    ),
    "sales": (
        "sales_report",
        "Sales report",
        "What each location and the whole chain sold: totals, items, extras, refunds, against earlier days. As a file, "
        "a tab of the Google Sheet and a mail for each location.",
    ),
    "customer-orders": (
        "customer_orders_report",
        "Customer and order report",
        "Customers, orders and what they come to, of a partner's files or of Square: an Excel file that waits for "
        "approval. That of the partner's newest files is made by itself.",
    ),
}

router = APIRouter(prefix="/requests")


@router.get("")
def requests_page(request: Request, user: Reader) -> Response:
    return page(request, "requests.html", user=user, place="requests", reports=REPORTS)


@router.get("/{name}")
def request_form(
    request: Request, user: Reader, db: Db, name: str, again: int | None = None, day: date | None = None
) -> Response:
    """:param again: the run whose choices the form begins with; :param day: the day that it does."""
    dag_id = _dag_id(user, name)
    fields = read_fields(dag_id)
    values = {field.name: field.default for field in fields}
    if again is not None:
        with db.connection() as connection:
            run = get_run(connection, again)
        if run.dag_id == dag_id:
            values |= {field: value for field, value in run.conf.items() if field in values}
    if day and "date" in values:
        values["date"] = day.isoformat()
    return _form(request, user, name, fields, values, {})


@router.post("/{name}")
def ask(request: Request, user: Reader, db: Db, name: str, form: SentForm) -> Response:
    dag_id = _dag_id(user, name)
    fields = read_fields(dag_id)
    conf = read_conf(fields, form)
    if wrong := wrong_param(dag_id, conf):
        return _form(request, user, name, fields, conf, dict([wrong]))
    try:
        run_id = start_run(db, user, dag_id=dag_id, title=REPORTS[name][1], conf=conf)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _form(request, user, name, fields, conf, {each.field: each.message for each in problem.errors})
    return RedirectResponse(f"{request.scope.get('root_path', '')}/runs/{run_id}", 303)


def _dag_id(user: User, name: str) -> str:
    if name not in REPORTS:
        raise Problem(404, "Not there", f"There is no report {name} to ask for.")
    dag_id = REPORTS[name][0]
    if not user.may_trigger(dag_id):
        raise missing_right("ask for this report", f"triggering {dag_id}", "User")
    return dag_id


def _form(
    request: Request,
    user: User,
    name: str,
    fields: list[ParamField],
    values: dict[str, Any],
    errors: dict[str, str],
) -> Response:
    _, title, description = REPORTS[name]
    return page(
        request,
        "request.html",
        422 if errors else 200,
        user=user,
        place="requests",
        name=name,
        title=title,
        description=description,
        fields=fields,
        values=values,
        errors=errors,
        labels={field.name: field.label for field in fields},
    )
