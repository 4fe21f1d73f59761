"""Who changed which report or standing order, and how: rows that nobody may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

Kind = Literal["report", "standing_order"]


@dataclass(frozen=True, kw_only=True)
class Change:
    """`before` and `after`: the definition; None where there was none."""

    change_id: int
    changed_at: datetime
    changed_by: str
    action: Literal["created", "updated", "deleted"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def fields(self) -> list[str]:
        """The names of the fields that it changed."""
        before, after = self.before or {}, self.after or {}
        return [name for name in after | before if before.get(name) != after.get(name)]


def changes(connection: psycopg.Connection, kind: Kind, object_id: int) -> list[Change]:
    """The newest first."""
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(
            """
            SELECT change_id, changed_at, changed_by, action, before, after
            FROM reports.change
            WHERE kind = %s AND object_id = %s
            ORDER BY change_id DESC
            """,
            [kind, object_id],
        ).fetchall()


def note_change(
    connection: psycopg.Connection,
    user: str,
    kind: Kind,
    object_id: int,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    action = "created" if before is None else "deleted" if after is None else "updated"
    connection.execute(
        """
        INSERT INTO reports.change (changed_by, action, kind, object_id, before, after)
        VALUES (%s, %s, %s, %s, %s, %s)
        """,
        [
            user,
            action,
            kind,
            object_id,
            None if before is None else Jsonb(dict(before)),
            None if after is None else Jsonb(dict(after)),
        ],
    )
