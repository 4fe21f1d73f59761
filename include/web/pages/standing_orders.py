"""Standing orders: the chain's own reports on a schedule."""

import re
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from include.sql_reports.definitions.audit import changes
from include.sql_reports.definitions.definition import field_problems
from include.sql_reports.definitions.errors import NameTakenError, VersionError
from include.sql_reports.definitions.schedule import in_words
from include.sql_reports.definitions.standing_orders import (
    DagId,
    OrderDefinition,
    StandingOrder,
    change_order,
    create_order,
    delete_order,
    get_order,
    list_orders,
)
from include.web.airflow_runs import start_order
from include.web.database import Database, Db
from include.web.pages.dag_params import read_conf, read_fields, wrong_param
from include.web.pages.editor import schedule_words
from include.web.pages.forms import SentForm
from include.web.pages.rendering import page
from include.web.pages.report_view import RESULTS
from include.web.pages.requests import REPORTS
from include.web.pages.runs import home_timezone
from include.web.problems import Problem
from include.web.security import Editor, Reader, User

ROWS = 100
TITLES = {dag_id: title for dag_id, title, _ in REPORTS.values() if dag_id in get_args(DagId)}
LABELS = {"name": "Name", "cron": "Schedule", "timezone": "Time zone"}
TOLD = {"saved": "The standing order is saved.", "deleted": "The standing order is deleted. Its runs stay."}

router = APIRouter(prefix="/standing-orders")


@router.get("")
def orders_page(request: Request, user: Reader, db: Db, told: str = "") -> Response:
    with db.connection() as connection:
        orders, _ = list_orders(connection, limit=ROWS)
    return page(
        request,
        "standing_orders.html",
        user=user,
        place="standing_orders",
        orders=orders,
        titles=TITLES,
        results=RESULTS,
        in_words=in_words,
        told=TOLD.get(told),
    )


@router.get("/new")
def new_order(request: Request, user: Editor, report: str = "products_sold_report") -> Response:
    if report not in TITLES:
        raise Problem(404, "Not there", f"There is no report {report} to order.")
    texts = {"name": "", "cron": "0 6 * * 1", "timezone": home_timezone()}
    params = {field.name: field.default for field in read_fields(report)}
    return _form(request, user, report, texts, params, is_active=True)


@router.get("/{order_id:int}")
def order_page(request: Request, user: Reader, db: Db, order_id: int) -> Response:
    with db.connection() as connection:
        order = get_order(connection, order_id)
        history = changes(connection, "standing_order", order_id)
    definition = order.definition
    if not user.may_edit:
        return page(
            request,
            "standing_order.html",
            user=user,
            place="standing_orders",
            order=order,
            title=TITLES[definition.dag_id],
            **schedule_words(definition.cron, definition.timezone),
        )
    texts = {name: getattr(definition, name) for name in LABELS}
    return _form(
        request,
        user,
        definition.dag_id,
        texts,
        definition.params,
        is_active=definition.is_active,
        order=order,
        history=history,
    )


@router.post("/{order_id:int}/run")
def run_order(request: Request, user: Reader, db: Db, order_id: int) -> Response:
    with db.connection() as connection:
        order = get_order(connection, order_id)
    run_id = start_order(db, user, order)
    return _to(request, f"/runs/{run_id}")


@router.post("/{order_id:int}/delete")
def remove_order(request: Request, user: Editor, db: Db, order_id: int, form: SentForm) -> Response:
    with db.connection() as connection:
        delete_order(connection, order_id, user.name, _version(form))
    return _to(request, "/standing-orders?told=deleted")


@router.post("")
def save_new_order(request: Request, user: Editor, db: Db, form: SentForm) -> Response:
    dag_id = str(form.get("dag_id", ""))
    if dag_id not in TITLES:
        raise Problem(422, "Not as it should be", f"There is no report {dag_id} to order.")
    return _save(request, user, db, form, dag_id, None)


@router.post("/{order_id:int}")
def save_order(request: Request, user: Editor, db: Db, order_id: int, form: SentForm) -> Response:
    with db.connection() as connection:
        order = get_order(connection, order_id)
    return _save(request, user, db, form, order.definition.dag_id, order)


def _save(
    request: Request, user: User, db: Database, form: FormData, dag_id: str, order: StandingOrder | None
) -> Response:
    texts = {name: str(form.get(name, "")) for name in LABELS}
    params = read_conf(read_fields(dag_id), form)
    is_active = "is_active" in form
    wrong = wrong_param(dag_id, params)
    errors = {wrong[0]: wrong[1]} if wrong else {}
    try:
        definition = OrderDefinition.model_validate(
            {**texts, "timezone": texts["timezone"].strip(), "dag_id": dag_id, "params": params, "is_active": is_active}
        )
        if not errors:
            with db.connection() as connection:
                if order is None:
                    create_order(connection, definition, user.name)
                else:
                    change_order(connection, order.standing_order_id, definition, user.name, _version(form))
            return _to(request, "/standing-orders?told=saved")
    except ValidationError as error:
        errors |= dict(field_problems(error))
    except NameTakenError as error:
        errors["name"] = str(error)
    except VersionError as error:
        # What was typed stays, and the next saving counts: whoever has seen the warning has decided.
        return _form(
            request,
            user,
            dag_id,
            texts,
            params,
            is_active=is_active,
            order=order,
            conflict=str(error),
            version=error.version,
        )
    return _form(
        request, user, dag_id, texts, params, is_active=is_active, order=order, errors=errors, version=_version(form)
    )


def _form(
    request: Request,
    user: User,
    dag_id: str,
    texts: dict[str, str],
    params: dict[str, Any],
    *,
    is_active: bool,
    order: StandingOrder | None = None,
    errors: dict[str, str] | None = None,
    conflict: str | None = None,
    version: int | None = None,
    **context: Any,
) -> Response:
    fields = read_fields(dag_id)
    return page(
        request,
        "standing_order_form.html",
        409 if conflict else 422 if errors else 200,
        user=user,
        place="standing_orders",
        order=order,
        dag_id=dag_id,
        title=TITLES[dag_id],
        titles=TITLES,
        texts=texts,
        is_active=is_active,
        fields=fields,
        values={field.name: field.default for field in fields} | params,
        errors=errors or {},
        labels=LABELS | {field.name: field.label for field in fields},
        conflict=conflict,
        version=version or (order.version if order else ""),
        **({"history": []} | context),
        **schedule_words(texts["cron"], texts["timezone"]),
    )


def _version(form: FormData) -> int | None:
    text = str(form.get("version", ""))
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def _to(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(f"{request.scope.get('root_path', '')}{path}", 303)
