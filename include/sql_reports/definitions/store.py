"""SQL reports in the database: made, changed, deleted and found. The caller commits; every change is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from include.sql_reports.definitions.changing import check_version, delete, insert, lock, update
from include.sql_reports.definitions.definition import Definition
from include.sql_reports.definitions.errors import NotFoundError
from include.sql_reports.definitions.rules import Rule
from include.sql_reports.query.guard import check
from include.sql_reports.query.parameters import Parameter

Sort = Literal["name", "-name", "next_run_at", "-next_run_at", "updated_at", "-updated_at"]
FIELDS = tuple(Definition.model_fields)
SORTS: Mapping[Sort, sql.SQL] = {
    "name": sql.SQL("lower(name), report_id"),
    "-name": sql.SQL("lower(name) DESC, report_id"),
    "next_run_at": sql.SQL("next_run_at NULLS LAST, report_id"),
    "-next_run_at": sql.SQL("next_run_at DESC NULLS LAST, report_id"),
    "updated_at": sql.SQL("updated_at, report_id"),
    "-updated_at": sql.SQL("updated_at DESC, report_id"),
}
# Of a list; `search`, `is_active` and `owner` may be NULL.
WANTED = sql.SQL("""
    deleted_at IS NULL
    AND (%(search)s::text IS NULL OR position(lower(%(search)s) IN lower(name || ' ' || description)) > 0)
    AND (%(is_active)s::boolean IS NULL OR is_active = %(is_active)s)
    AND (%(owner)s::text IS NULL OR lower(owner) = lower(%(owner)s))
""")
_JSON = ("parameters", "rules")
_PARAMETERS: TypeAdapter[tuple[Parameter, ...]] = TypeAdapter(tuple[Parameter, ...])
_RULES: TypeAdapter[tuple[Rule, ...]] = TypeAdapter(tuple[Rule, ...])


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """A report's newest run."""

    run_id: int
    state: str
    queued_at: datetime
    finished_at: datetime | None
    row_count: int | None
    note: str | None
    error: str | None


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report and what is known of it.

    :param next_run_at: None when it is not scheduled, or off.
    :param version: counts its changes.
    :param is_from_config: the chain's files brought it.
    :param last_run: None before the first.
    :param row_counts: of the newest twenty runs that went well, the oldest first.
    """

    report_id: int
    definition: Definition
    version: int
    next_run_at: datetime | None
    is_from_config: bool
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    last_run: RunSummary | None = None
    row_counts: tuple[int, ...] = ()


def list_reports(
    connection: psycopg.Connection,
    *,
    search: str | None = None,
    is_active: bool | None = None,
    owner: str | None = None,
    limit: int = 50,
    offset: int = 0,
    sort: Sort = "name",
) -> tuple[list[Report], int]:
    """A page of the reports that there are, and how many there are in all.

    :param search: stands in the name or the description, in whatever case.
    """
    wanted = {"search": search, "is_active": is_active, "owner": owner, "limit": limit, "offset": offset}
    [(total,)] = connection.execute(
        sql.SQL("SELECT count(*) FROM reports.report WHERE {}").format(WANTED), wanted
    ).fetchall()
    page = sql.SQL("SELECT * FROM reports.report WHERE {} ORDER BY {} LIMIT %(limit)s OFFSET %(offset)s").format(
        WANTED, SORTS[sort]
    )
    return _read(connection, page, wanted, order=SORTS[sort]), total


def get_report(connection: psycopg.Connection, report_id: int) -> Report:
    """:raises NotFoundError: there is none of that id, or no longer."""
    page = sql.SQL("SELECT * FROM reports.report WHERE report_id = %(report_id)s AND deleted_at IS NULL")
    found = _read(connection, page, {"report_id": report_id})
    if not found:
        raise NotFoundError(f"there is no report {report_id}")
    return found[0]


def find_report(connection: psycopg.Connection, name_or_id: str | int) -> Report:
    """The report of an id, or of a name in whatever case.

    :raises NotFoundError: there is none.
    """
    if str(name_or_id).isdecimal() and len(str(name_or_id)) < 19:
        return get_report(connection, int(name_or_id))
    page = sql.SQL("SELECT * FROM reports.report WHERE lower(name) = lower(%(name)s) AND deleted_at IS NULL")
    found = _read(connection, page, {"name": str(name_or_id).strip()})
    if not found:
        raise NotFoundError(f"there is no report {name_or_id!r}")
    return found[0]


def create_report(
    connection: psycopg.Connection,
    definition: Definition,
    user: str,
    *,
    config_key: str | None = None,
    config_digest: str | None = None,
) -> Report:
    """
    :raises RejectedError: the statement may not be run.
    :raises NameTakenError: another report has the name.
    """
    check(definition.sql, definition.parameters)
    columns = _columns(definition) | {"config_key": config_key, "config_digest": config_digest}
    return get_report(connection, insert(connection, "report", definition, columns, user))


def change_report(
    connection: psycopg.Connection,
    report_id: int,
    definition: Definition,
    user: str,
    version: int | None = None,
    *,
    config_digest: str | None = None,
) -> Report:
    """A change that changes nothing is none: version and audit trail stay.

    :param version: the one that the change was made from; None: whichever there is.
    :raises RejectedError: the statement may not be run.
    :raises VersionError: somebody else has changed it since.
    :raises NameTakenError: another report has the name.
    :raises NotFoundError: there is none of that id, or no longer.
    """
    before = _locked(connection, report_id, version)
    check(definition.sql, definition.parameters)
    if before.definition == definition and config_digest is None:
        return before
    columns = _columns(definition) | ({"config_digest": config_digest} if config_digest else {})
    update(connection, "report", report_id, before, definition, columns, user)
    return get_report(connection, report_id)


def delete_report(connection: psycopg.Connection, report_id: int, user: str, version: int | None = None) -> None:
    """Its name is free then; its runs and their files stay until their time is over.

    :raises VersionError: somebody else has changed it since.
    :raises NotFoundError: there is none of that id, or no longer.
    """
    delete(connection, "report", report_id, _locked(connection, report_id, version), user)


def _locked(connection: psycopg.Connection, report_id: int, version: int | None) -> Report:
    lock(connection, "report", report_id)
    report = get_report(connection, report_id)
    check_version(report, version)
    return report


def _columns(definition: Definition) -> dict[str, Any]:
    values = definition.model_dump(mode="json")
    return values | {name: Jsonb(values[name]) for name in _JSON}


def _read(
    connection: psycopg.Connection,
    page: sql.SQL | sql.Composed,
    wanted: Mapping[str, Any],
    order: sql.SQL = SORTS["name"],
) -> list[Report]:
    statement = sql.SQL(
        """
        WITH page AS ({page})
        SELECT page.*, last_run.*, counts.row_counts
        FROM page
        LEFT JOIN LATERAL (
            SELECT run_id, state, queued_at, finished_at, row_count, note, error
            FROM reports.report_run AS run
            WHERE run.report_id = page.report_id
            ORDER BY run_id DESC
            LIMIT 1
        ) AS last_run ON true
        LEFT JOIN LATERAL (
            SELECT array_agg(row_count ORDER BY run_id) AS row_counts
            FROM (
                SELECT run_id, row_count
                FROM reports.report_run AS run
                WHERE run.report_id = page.report_id AND state = 'success'
                ORDER BY run_id DESC
                LIMIT 20
            ) AS newest
        ) AS counts ON true
        ORDER BY {order}
        """
    ).format(page=page, order=order)
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_report(row) for row in cursor.execute(statement, wanted)]


def _report(row: DictRow) -> Report:
    # Not validated again: what was right when it was saved can be read, shown and mended.
    plain: dict[str, Any] = {name: row[name] for name in FIELDS if name not in _JSON}
    definition = Definition.model_construct(
        None,
        **{name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()},
        parameters=_PARAMETERS.validate_python(row["parameters"]),
        rules=_RULES.validate_python(row["rules"]),
    )
    return Report(
        report_id=row["report_id"],
        definition=definition,
        version=row["version"],
        next_run_at=row["next_run_at"],
        is_from_config=row["config_key"] is not None,
        created_at=row["created_at"],
        created_by=row["created_by"],
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        last_run=last_run_of(row),
        row_counts=tuple(count for count in row["row_counts"] or () if count is not None),
    )


def last_run_of(row: DictRow) -> RunSummary | None:
    """Of a row that holds the newest run beside other things."""
    if row["run_id"] is None:
        return None
    return RunSummary(
        **{name: row[name] for name in ("run_id", "state", "queued_at", "finished_at", "row_count", "note", "error")}
    )
