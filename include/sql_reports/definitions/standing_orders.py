"""Standing orders: reports of ours that are made on a schedule with the same wishes each time. The caller commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from pydantic import AfterValidator

from include.config.model import Model
from include.sql_reports.definitions.changing import check_version, delete, insert, lock, update
from include.sql_reports.definitions.definition import Cron, ReportName, TimeZone
from include.sql_reports.definitions.errors import NotFoundError
from include.sql_reports.definitions.store import RunSummary, last_run_of

DagId = Literal["products_sold_report", "sales_report"]


def _small(params: dict[str, Any]) -> dict[str, Any]:
    if len(str(params)) > 10_000:
        raise ValueError("are more than 10,000 characters")
    return params


class OrderDefinition(Model):
    """A standing order as people define it.

    :raises pydantic.ValidationError: `include.sql_reports.definitions.definition.field_problems` says what is wrong.
    """

    name: ReportName
    dag_id: DagId
    # The DAG's: period, filters, recipients. What it does not name is as the DAG has it.
    params: Annotated[dict[str, Any], AfterValidator(_small)]
    cron: Cron
    timezone: TimeZone
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class StandingOrder:
    """A standing order and what is known of it, as `include.sql_reports.definitions.store.Report`."""

    standing_order_id: int
    definition: OrderDefinition
    version: int
    next_run_at: datetime | None
    is_from_config: bool
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    last_run: RunSummary | None = None


def list_orders(
    connection: psycopg.Connection,
    *,
    search: str | None = None,
    dag_id: DagId | None = None,
    is_active: bool | None = None,
    limit: int = 50,
    offset: int = 0,
) -> tuple[list[StandingOrder], int]:
    """A page of the standing orders that there are, by name, and how many there are in all."""
    wanted = {"search": search, "dag_id": dag_id, "is_active": is_active, "limit": limit, "offset": offset}
    condition = sql.SQL("""
        deleted_at IS NULL
        AND (%(search)s::text IS NULL OR position(lower(%(search)s) IN lower(name)) > 0)
        AND (%(dag_id)s::text IS NULL OR dag_id = %(dag_id)s)
        AND (%(is_active)s::boolean IS NULL OR is_active = %(is_active)s)
    """)
    [(total,)] = connection.execute(
        sql.SQL("SELECT count(*) FROM reports.standing_order WHERE {}").format(condition), wanted
    ).fetchall()
    page = sql.SQL(
        """
        SELECT * FROM reports.standing_order WHERE {}
        ORDER BY lower(name), standing_order_id LIMIT %(limit)s OFFSET %(offset)s
        """
    ).format(condition)
    return _read(connection, page, wanted), total


def get_order(connection: psycopg.Connection, standing_order_id: int) -> StandingOrder:
    """:raises NotFoundError: there is none of that id, or no longer."""
    page = sql.SQL("SELECT * FROM reports.standing_order WHERE standing_order_id = %(id)s AND deleted_at IS NULL")
    found = _read(connection, page, {"id": standing_order_id})
    if not found:
        raise NotFoundError(f"there is no standing order {standing_order_id}")
    return found[0]


def create_order(
    connection: psycopg.Connection,
    definition: OrderDefinition,
    user: str,
    *,
    config_key: str | None = None,
    config_digest: str | None = None,
) -> StandingOrder:
    """:raises NameTakenError: another standing order has the name."""
    columns = _columns(definition) | {"config_key": config_key, "config_digest": config_digest}
    return get_order(connection, insert(connection, "standing_order", definition, columns, user))


def change_order(
    connection: psycopg.Connection,
    standing_order_id: int,
    definition: OrderDefinition,
    user: str,
    version: int | None = None,
    *,
    config_digest: str | None = None,
) -> StandingOrder:
    """A change that changes nothing is none: version and audit trail stay.

    :param version: the one that the change was made from; None: whichever there is.
    :raises VersionError: somebody else has changed it since.
    :raises NameTakenError: another standing order has the name.
    :raises NotFoundError: there is none of that id, or no longer.
    """
    before = _locked(connection, standing_order_id, version)
    if before.definition == definition and config_digest is None:
        return before
    columns = _columns(definition) | ({"config_digest": config_digest} if config_digest else {})
    update(connection, "standing_order", standing_order_id, before, definition, columns, user)
    return get_order(connection, standing_order_id)


def delete_order(connection: psycopg.Connection, standing_order_id: int, user: str, version: int | None = None) -> None:
    """
    :raises VersionError: somebody else has changed it since.
    :raises NotFoundError: there is none of that id, or no longer.
    """
    before = _locked(connection, standing_order_id, version)
    delete(connection, "standing_order", standing_order_id, before, user)


def _locked(connection: psycopg.Connection, standing_order_id: int, version: int | None) -> StandingOrder:
    lock(connection, "standing_order", standing_order_id)
    order = get_order(connection, standing_order_id)
    check_version(order, version)
    return order


def _columns(definition: OrderDefinition) -> dict[str, Any]:
    values = definition.model_dump(mode="json")
    return values | {"params": Jsonb(values["params"])}


def _read(
    connection: psycopg.Connection, page: sql.SQL | sql.Composed, wanted: Mapping[str, Any]
) -> list[StandingOrder]:
    statement = sql.SQL(
        """
        WITH page AS ({page})
        SELECT page.*, last_run.*
        FROM page
        LEFT JOIN LATERAL (
            SELECT run_id, state, queued_at, finished_at, row_count, note, error
            FROM reports.report_run AS run
            WHERE run.standing_order_id = page.standing_order_id
            ORDER BY run_id DESC
            LIMIT 1
        ) AS last_run ON true
        ORDER BY lower(name), standing_order_id
        """
    ).format(page=page)
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_order(row) for row in cursor.execute(statement, wanted)]


def _order(row: DictRow) -> StandingOrder:
    return StandingOrder(
        definition=OrderDefinition.model_construct(**{name: row[name] for name in OrderDefinition.model_fields}),
        last_run=last_run_of(row),
        is_from_config=row["config_key"] is not None,
        **{
            name: row[name]
            for name in (
                "standing_order_id", "version", "next_run_at", "created_at", "created_by", "updated_at", "updated_by",
            )
        },
    )  # fmt: skip
