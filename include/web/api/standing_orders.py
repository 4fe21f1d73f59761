"""Standing orders: reports of ours that are made on a schedule with the same wishes each time."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BeforeValidator

from include.sql_reports.definitions.audit import changes
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
from include.web.api.addresses import address_of
from include.web.api.bodies import patched, without_read_only
from include.web.api.entity_tags import IfMatch, chosen, tagged
from include.web.api.fields import Id, Search
from include.web.api.paging import Page, Paging
from include.web.api.runs import RunDetails, accepted
from include.web.api.saved import ChangeMade, SavedFields, change_made, saved_fields
from include.web.database import Db
from include.web.problems import Problem
from include.web.security import Editor, Reader, Runner

router = APIRouter(tags=["standing orders"], prefix="/standing-orders")


class OrderDetails(SavedFields, OrderDefinition):
    """A standing order: its definition, and what is known of it. PUT takes it back; it ignores the latter."""

    standing_order_id: int


OrderBody = Annotated[OrderDefinition, BeforeValidator(without_read_only), Body()]


def _details(order: StandingOrder) -> OrderDetails:
    return OrderDetails.model_construct(
        **dict(order.definition), standing_order_id=order.standing_order_id, **saved_fields(order)
    )


def _tagged(request: Request, order: StandingOrder, status: int = 200) -> Response:
    address = address_of(request, "standing_order", standing_order_id=order.standing_order_id)
    headers = {"Location": address} if status == 201 else None
    return tagged(request, _details(order), version=order.version, status=status, headers=headers)


@router.get("", response_model=Page[OrderDetails])
def standing_orders(
    user: Reader,  # noqa: ARG001
    database: Db,
    paging: Paging,
    search: Search = None,
    dag_id: DagId | None = None,
    is_active: bool | None = None,
) -> Response:
    """The standing orders that there are, by name."""
    with database.connection() as connection:
        found, total = list_orders(
            connection, search=search, dag_id=dag_id, is_active=is_active, limit=paging.limit, offset=paging.offset
        )
    return paging.answer([_details(order) for order in found], total)


@router.post("", status_code=201, response_model=OrderDetails)
def new_standing_order(user: Editor, database: Db, request: Request, definition: OrderBody) -> Response:
    """`params` are the DAG's params; what they do not name is as the DAG has it."""
    with database.connection() as connection:
        created = create_order(connection, definition, user.name)
    return _tagged(request, created, 201)


@router.get("/{standing_order_id}", response_model=OrderDetails)
def standing_order(user: Reader, database: Db, request: Request, standing_order_id: Id) -> Response:  # noqa: ARG001
    """A standing order, with its ETag for a change."""
    with database.connection() as connection:
        return _tagged(request, get_order(connection, standing_order_id))


@router.put("/{standing_order_id}", response_model=OrderDetails)
def replace_standing_order(
    user: Editor, database: Db, request: Request, standing_order_id: Id, versions: IfMatch, definition: OrderBody
) -> Response:
    """Replaces the definition. What is not named gets its default."""
    with database.connection() as connection:
        version = chosen(versions, get_order(connection, standing_order_id).version)
        return _tagged(request, change_order(connection, standing_order_id, definition, user.name, version))


@router.patch("/{standing_order_id}", response_model=OrderDetails)
def change_standing_order(
    user: Editor,
    database: Db,
    request: Request,
    standing_order_id: Id,
    versions: IfMatch,
    patch: Annotated[dict[str, Any], Body(media_type="application/merge-patch+json")],
) -> Response:
    """Changes the fields that are named (JSON Merge Patch: null sets the default)."""
    with database.connection() as connection:
        saved = get_order(connection, standing_order_id)
        definition = patched(saved.definition, patch)
        version = chosen(versions, saved.version) or saved.version
        return _tagged(request, change_order(connection, standing_order_id, definition, user.name, version))


@router.delete("/{standing_order_id}", status_code=204)
def remove_standing_order(user: Editor, database: Db, standing_order_id: Id, versions: IfMatch) -> None:
    """Its runs and their files stay until their time is over."""
    with database.connection() as connection:
        version = chosen(versions, get_order(connection, standing_order_id).version)
        delete_order(connection, standing_order_id, user.name, version)


@router.get("/{standing_order_id}/changes")
def changes_of_standing_order(user: Reader, database: Db, standing_order_id: Id) -> list[ChangeMade]:  # noqa: ARG001
    """Who changed what, the newest first; of a deleted one, too."""
    with database.connection() as connection:
        found = changes(connection, "standing_order", standing_order_id)
    if not found:
        raise Problem(404, "Not there", f"there never was a standing order {standing_order_id}.")
    return [change_made(change) for change in found]


@router.post("/{standing_order_id}/run", status_code=202, response_model=RunDetails)
def run_standing_order(user: Runner, database: Db, request: Request, standing_order_id: Id) -> Response:
    """Asks for a run now, beside those of its schedule."""
    with database.connection() as connection:
        order = get_order(connection, standing_order_id)
    run_id = start_order(database, user, order)
    return accepted(request, database, run_id)
