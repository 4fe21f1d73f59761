"""Payments and refunds as they are kept: two tables of the same shape, listed by time."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Literal

from sandbox.square import cursors, times
from sandbox.square.call import Call, Json, dump
from sandbox.square.errors import not_found

MOST_IN_PAGE = 100

COLUMNS = """(
    id TEXT PRIMARY KEY, location_id TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL, body BLOB NOT NULL
)"""
TABLES = f"""
CREATE TABLE IF NOT EXISTS square_payment {COLUMNS};
CREATE INDEX IF NOT EXISTS square_payment_created_at ON square_payment (created_at, id);
CREATE TABLE IF NOT EXISTS square_refund {COLUMNS};
CREATE INDEX IF NOT EXISTS square_refund_created_at ON square_refund (created_at, id);
"""


@dataclass(frozen=True)
class MoneyStore:
    """The rows of one of the two tables."""

    table: Literal["square_payment", "square_refund"]

    def save(self, db: sqlite3.Connection, movement: Json) -> None:
        columns = ("id", "location_id", "status", "created_at", "updated_at")
        db.execute(
            f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
            (*(movement[column] for column in columns), dump(movement)),
        )

    def find(self, db: sqlite3.Connection, movement_id: str) -> Json:
        """Raises SquareError if there is none."""
        row = db.execute(f"SELECT body FROM {self.table} WHERE id = ?", (movement_id,)).fetchone()  # noqa: S608
        if row is None:
            raise not_found("Payment" if self.table == "square_payment" else "Refund", movement_id)
        movement: Json = json.loads(row["body"])
        return movement

    def page(self, call: Call) -> tuple[list[Json], str | None]:
        """The page that the query parameters ask for, and the cursor of the next one."""
        query = call.query
        column = "updated_at" if query.get("sort_field") == "UPDATED_AT" else "created_at"
        clauses, parameters = ["TRUE"], []
        for clause, name in (
            ("created_at >= ?", "begin_time"),
            ("created_at < ?", "end_time"),
            ("updated_at >= ?", "updated_at_begin_time"),
            ("updated_at < ?", "updated_at_end_time"),
        ):
            if query.get(name):
                clauses.append(clause)
                parameters.append(times.asked(query[name], name))
        for name in ("location_id", "status"):
            if query.get(name):
                clauses.append(f"{name} = ?")
                parameters.append(query[name])
        bound = [(name, query[name]) for name in sorted(query) if name not in ("cursor", "limit")]
        way, sign = ("ASC", ">") if query.get("sort_order") == "ASC" else ("DESC", "<")
        if position := cursors.decode(query.get("cursor"), bound):
            clauses.append(f"({column}, id) {sign} (?, ?)")
            parameters += position
        limit = call.limit(MOST_IN_PAGE, MOST_IN_PAGE)
        rows = call.db.execute(
            f"SELECT id, {column} AS sorted_by, body FROM {self.table} WHERE {' AND '.join(clauses)} "  # noqa: S608
            f"ORDER BY {column} {way}, id {way} LIMIT ?",
            (*parameters, limit + 1),
        ).fetchall()
        page = [json.loads(row["body"]) for row in rows[:limit]]
        if len(rows) <= limit:
            return page, None
        return page, cursors.encode(bound, [rows[limit - 1]["sorted_by"], rows[limit - 1]["id"]])


payments = MoneyStore("square_payment")
refunds = MoneyStore("square_refund")
