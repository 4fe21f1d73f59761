"""How a report or a standing order is written: with a version, an audit trail, and its name taken once.

The trail is written in one transaction (or savepoint, in a caller's that has begun) with what it tells of.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import psycopg
from psycopg import errors, sql

from include.sql_reports.definitions.audit import Kind, note_change
from include.sql_reports.definitions.errors import NameTakenError, VersionError
from include.sql_reports.definitions.schedule import next_time

_WORDS: Mapping[Kind, str] = {"report": "report", "standing_order": "standing order"}


class Scheduled(Protocol):
    """A definition with a schedule."""

    @property
    def name(self) -> str: ...
    @property
    def cron(self) -> str | None: ...
    @property
    def timezone(self) -> str: ...
    @property
    def is_active(self) -> bool: ...
    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


class Saved(Protocol):
    """One that is in the database."""

    @property
    def definition(self) -> Any: ...
    @property
    def version(self) -> int: ...
    @property
    def next_run_at(self) -> datetime | None: ...
    @property
    def updated_by(self) -> str: ...


def insert(
    connection: psycopg.Connection, kind: Kind, definition: Scheduled, columns: Mapping[str, Any], user: str
) -> int:
    """:param columns: the definition as the table has it, and what else is known.
    :returns: its id.
    :raises NameTakenError: another one has the name.
    """
    values = {**columns, "next_run_at": _next_run_at(definition), "created_by": user, "updated_by": user}
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING {}").format(
        _table(kind),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(map(sql.Placeholder, values)),
        _key(kind),
    )
    with connection.transaction():
        object_id = _write(connection, kind, definition.name, statement, values)
        note_change(connection, user, kind, object_id, before=None, after=definition.model_dump(mode="json"))
    return object_id


def update(
    connection: psycopg.Connection,
    kind: Kind,
    object_id: int,
    before: Saved,
    definition: Scheduled,
    columns: Mapping[str, Any],
    user: str,
) -> None:
    """:raises NameTakenError: another one has the name."""
    values = {**columns, "next_run_at": _changed_next_run_at(before, definition), "updated_by": user}
    assignments = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in values]
    statement = sql.SQL(
        "UPDATE {} SET {}, version = version + 1, updated_at = now() WHERE {} = %(object_id)s RETURNING {}"
    ).format(_table(kind), sql.SQL(", ").join(assignments), _key(kind), _key(kind))
    was = before.definition.model_dump(mode="json")
    with connection.transaction():
        _write(connection, kind, definition.name, statement, values | {"object_id": object_id})
        note_change(connection, user, kind, object_id, before=was, after=definition.model_dump(mode="json"))


def delete(connection: psycopg.Connection, kind: Kind, object_id: int, before: Saved, user: str) -> None:
    """Marks it as deleted: its name is free, its runs stay."""
    statement = sql.SQL(
        """
        UPDATE {}
        SET deleted_at = now(), next_run_at = NULL, version = version + 1, updated_at = now(), updated_by = %s
        WHERE {} = %s
        """
    ).format(_table(kind), _key(kind))
    connection.execute(statement, [user, object_id])
    note_change(connection, user, kind, object_id, before=before.definition.model_dump(mode="json"), after=None)


def lock(connection: psycopg.Connection, kind: Kind, object_id: int) -> None:
    """Until the caller's transaction ends nobody else changes it, and it is not claimed."""
    connection.execute(sql.SQL("SELECT FROM {} WHERE {} = %s FOR UPDATE").format(_table(kind), _key(kind)), [object_id])


def check_version(saved: Saved, version: int | None) -> None:
    """:raises VersionError: somebody else has changed it since that version; None is any."""
    if version is not None and version != saved.version:
        message = f"{saved.definition.name} has been changed by {saved.updated_by} meanwhile: look at it again first"
        raise VersionError(message, saved.version)


def _write(
    connection: psycopg.Connection, kind: Kind, name: str, statement: sql.Composed, values: Mapping[str, Any]
) -> int:
    try:
        # A savepoint: the caller's transaction outlives the refusal.
        with connection.transaction():
            [(object_id,)] = connection.execute(statement, values).fetchall()
    except errors.UniqueViolation as error:
        if error.diag.constraint_name != f"{kind}_name":
            raise
        raise NameTakenError(f"there is another {_WORDS[kind]} named {name!r}") from None
    return int(object_id)


def _next_run_at(definition: Scheduled) -> datetime | None:
    if definition.cron is None or not definition.is_active:
        return None
    return next_time(definition.cron, definition.timezone, datetime.now(UTC))


def _changed_next_run_at(before: Saved, definition: Scheduled) -> datetime | None:
    """A time that has come, and that report_dispatch has yet to see, is not lost by a change of something else."""
    was = before.definition
    if (definition.cron, definition.timezone, definition.is_active) == (was.cron, was.timezone, was.is_active):
        return before.next_run_at
    return _next_run_at(definition)


def _table(kind: Kind) -> sql.Identifier:
    return sql.Identifier("reports", kind)


def _key(kind: Kind) -> sql.Identifier:
    return sql.Identifier(f"{kind}_id")
