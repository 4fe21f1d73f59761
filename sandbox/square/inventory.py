"""`/v2/inventory`: changes by batch, counts, the history of changes. Quantities are kept in units of 0.00001."""

import json
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.square import catalog_store, cursors, locations, times, webhooks
from sandbox.square.call import Call, Endpoint, Json, dump, new_id
from sandbox.square.errors import SquareError, missing

TABLES = """
CREATE TABLE IF NOT EXISTS square_inventory_count (
    position INTEGER PRIMARY KEY, catalog_object_id TEXT NOT NULL, location_id TEXT NOT NULL, state TEXT NOT NULL,
    quantity_e5 INTEGER NOT NULL, calculated_at TEXT NOT NULL, UNIQUE (catalog_object_id, location_id, state)
);
CREATE TABLE IF NOT EXISTS square_inventory_change (
    position INTEGER PRIMARY KEY, catalog_object_id TEXT NOT NULL, location_id TEXT NOT NULL, type TEXT NOT NULL,
    states TEXT NOT NULL, created_at TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS square_inventory_change_object ON square_inventory_change (catalog_object_id);
"""

MOST_CHANGES = 100
MOST_IN_PAGE = {"counts": 1000, "changes": 1000}
OLDEST = timedelta(hours=24)
UNTRACKED = ("NONE", "SOLD", "UNLINKED_RETURN")
COUNTABLE = ("IN_STOCK", "WASTE")
TRANSITIONS = {
    ("NONE", "IN_STOCK"),
    ("IN_STOCK", "SOLD"),
    ("IN_STOCK", "WASTE"),
    ("UNLINKED_RETURN", "IN_STOCK"),
    ("UNLINKED_RETURN", "WASTE"),
}


def batch_change(call: Call) -> Json:
    """All or nothing. Answers the counts of all that changed."""
    changes = call.required("changes", list)
    if len(changes) > MOST_CHANGES:
        raise SquareError("ARRAY_LENGTH_TOO_LONG", f"Must not have more than {MOST_CHANGES} values", field="changes")
    ignores_unchanged = call.body.get("ignore_unchanged_counts", True)
    written = [_apply(call, change, f"changes[{i}]", bool(ignores_unchanged)) for i, change in enumerate(changes)]
    touched: dict[tuple[str, str], None] = {}
    for change in written:
        detail = change[change["type"].lower()]
        touched[detail["catalog_object_id"], detail["location_id"]] = None
    counts = [count for key in touched for count in _counts_of(call, *key)]
    webhooks.counts_changed(call, counts)
    return {"counts": counts, "changes": written}


def retrieve_count(call: Call) -> Json:
    location_ids = [one for one in call.query.get("location_ids", "").split(",") if one]
    return _counts(call, [call.path["catalog_object_id"]], location_ids, [], "", call.query.get("cursor"))


def batch_retrieve_counts(call: Call) -> Json:
    body = call.body
    return _counts(
        call,
        body.get("catalog_object_ids") or [],
        body.get("location_ids") or [],
        [state for state in body.get("states") or [] if state not in UNTRACKED],
        body.get("updated_after") or "",
        body.get("cursor"),
    )


def batch_retrieve_changes(call: Call) -> Json:
    body = call.body
    bound = [body.get(name) for name in ("catalog_object_ids", "location_ids", "types", "states")]
    bound += [body.get("updated_after"), body.get("updated_before")]
    after = cursors.decode(body.get("cursor"), bound) or [0]
    clauses, parameters = ["position > ?"], [*after]
    for column, values in (
        ("catalog_object_id", body.get("catalog_object_ids")),
        ("location_id", body.get("location_ids")),
        ("type", body.get("types")),
    ):
        _among(clauses, parameters, column, values or [])
    if body.get("updated_after"):
        clauses.append("created_at > ?")
        parameters.append(times.asked(body["updated_after"], "updated_after"))
    if body.get("updated_before"):
        clauses.append("created_at < ?")
        parameters.append(times.asked(body["updated_before"], "updated_before"))
    if states := body.get("states"):
        clauses.append(f"({' OR '.join('instr(states, ?)' for _ in states)})")
        parameters += [f" {state} " for state in states]
    rows, cursor = _page(call, "square_inventory_change", clauses, parameters, bound, MOST_IN_PAGE["changes"])
    return {"changes": [json.loads(row["body"]) for row in rows], **cursor}


def _apply(call: Call, change: Json, field: str, ignores_unchanged: bool) -> Json:
    change_type = change.get("type")
    if change_type not in ("PHYSICAL_COUNT", "ADJUSTMENT"):
        detail = f"`{change_type}` is not supported: PHYSICAL_COUNT and ADJUSTMENT are"
        raise SquareError("INVALID_ENUM_VALUE", detail, field=f"{field}.type")
    field = f"{field}.{change_type.lower()}"
    wish = {name: value for name, value in (change.get(change_type.lower()) or {}).items() if value is not None}
    for name in ("catalog_object_id", "location_id", "quantity", "occurred_at"):
        if not wish.get(name):
            raise missing(f"{field}.{name}")
    locations.find(call, wish["location_id"])
    known = catalog_store.find(call.db, wish["catalog_object_id"])
    if known["type"] != "ITEM_VARIATION":
        raise SquareError("INVALID_VALUE", f"A {known['type']} is not counted", field=f"{field}.catalog_object_id")
    _check_occurred_at(call, wish["occurred_at"], f"{field}.occurred_at")
    quantity = _quantity(wish["quantity"], f"{field}.quantity")
    if change_type == "PHYSICAL_COUNT":
        states = [_physical_count(call, wish, quantity, field, ignores_unchanged)]
    else:
        states = _adjustment(call, wish, quantity, field)
    stored = {
        **wish,
        "id": new_id(),
        "catalog_object_type": "ITEM_VARIATION",
        "quantity": _text(quantity),
        "created_at": call.updated_at,
    }
    written = {"type": change_type, change_type.lower(): stored}
    call.db.execute(
        "INSERT INTO square_inventory_change (catalog_object_id, location_id, type, states, created_at, body) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            wish["catalog_object_id"],
            wish["location_id"],
            change_type,
            f" {' '.join(states)} ",
            call.updated_at,
            dump(written),
        ),
    )
    return written


def _physical_count(call: Call, wish: Json, quantity: int, field: str, ignores_unchanged: bool) -> str:
    state = wish.get("state", "IN_STOCK")
    if state not in COUNTABLE:
        raise SquareError("INVALID_VALUE", f"`{state}` cannot be counted", field=f"{field}.state")
    key = (wish["catalog_object_id"], wish["location_id"], state)
    known = call.db.execute(
        "SELECT quantity_e5 FROM square_inventory_count WHERE catalog_object_id = ? AND location_id = ? AND state = ?",
        key,
    ).fetchone()
    if known is None or known["quantity_e5"] != quantity or not ignores_unchanged:
        _add(call, *key, quantity - (known["quantity_e5"] if known else 0))
    return str(state)


def _adjustment(call: Call, wish: Json, quantity: int, field: str) -> list[str]:
    states = [wish.get("from_state", ""), wish.get("to_state", "")]
    if tuple(states) not in TRANSITIONS:
        detail = f"Stock cannot move from `{states[0]}` to `{states[1]}`"
        raise SquareError("INVALID_VALUE", detail, field=f"{field}.to_state")
    for state, change in zip(states, (-quantity, quantity), strict=True):
        if state not in UNTRACKED:
            _add(call, wish["catalog_object_id"], wish["location_id"], state, change)
    return states


def _add(call: Call, catalog_object_id: str, location_id: str, state: str, change_e5: int) -> None:
    call.db.execute(
        "INSERT INTO square_inventory_count (catalog_object_id, location_id, state, quantity_e5, calculated_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (catalog_object_id, location_id, state) DO UPDATE "
        "SET quantity_e5 = quantity_e5 + excluded.quantity_e5, calculated_at = excluded.calculated_at",
        (catalog_object_id, location_id, state, change_e5, call.updated_at),
    )


def _counts_of(call: Call, catalog_object_id: str, location_id: str) -> list[Json]:
    rows = call.db.execute(
        "SELECT * FROM square_inventory_count WHERE catalog_object_id = ? AND location_id = ? ORDER BY position",
        (catalog_object_id, location_id),
    )
    return [_count(row) for row in rows]


def _counts(
    call: Call,
    object_ids: list[str],
    location_ids: list[str],
    states: list[str],
    updated_after: str,
    cursor: str | None,
) -> Json:
    bound = [object_ids, location_ids, states, updated_after]
    clauses, parameters = ["position > ?"], [*(cursors.decode(cursor, bound) or [0])]
    _among(clauses, parameters, "catalog_object_id", object_ids)
    _among(clauses, parameters, "location_id", location_ids)
    _among(clauses, parameters, "state", states)
    if updated_after:
        clauses.append("calculated_at > ?")
        parameters.append(times.asked(updated_after, "updated_after"))
    rows, next_cursor = _page(call, "square_inventory_count", clauses, parameters, bound, MOST_IN_PAGE["counts"])
    return {"counts": [_count(row) for row in rows], **next_cursor}


def _page(
    call: Call, table: str, clauses: list[str], parameters: list[Any], bound: list[Any], most: int
) -> tuple[list[Any], dict[str, str]]:
    limit = call.limit(most, most)
    rows = call.db.execute(
        f"SELECT * FROM {table} WHERE {' AND '.join(clauses)} ORDER BY position LIMIT ?",  # noqa: S608
        (*parameters, limit + 1),
    ).fetchall()
    more = {"cursor": cursors.encode(bound, [rows[limit - 1]["position"]])} if len(rows) > limit else {}
    return rows[:limit], more


def _count(row: Any) -> Json:
    return {
        "catalog_object_id": row["catalog_object_id"],
        "catalog_object_type": "ITEM_VARIATION",
        "state": row["state"],
        "location_id": row["location_id"],
        "quantity": _text(row["quantity_e5"]),
        "calculated_at": row["calculated_at"],
    }


def _among(clauses: list[str], parameters: list[Any], column: str, values: list[str]) -> None:
    if values:
        clauses.append(f"{column} IN ({','.join('?' * len(values))})")
        parameters += values


def _quantity(text: object, field: str) -> int:
    try:
        quantity = Decimal(str(text)) * 100_000
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite() or quantity != int(quantity) or quantity < 0 or len(str(text)) > 26:
        detail = f"`{text}` is not a decimal number of 0 or more with at most 5 decimals"
        raise SquareError("INVALID_VALUE", detail, field=field)
    return int(quantity)


def _text(quantity_e5: int) -> str:
    return f"{(Decimal(quantity_e5) / 100_000).normalize():f}"


def _check_occurred_at(call: Call, text: str, field: str) -> None:
    try:
        occurred_at = times.parse(text)
    except ValueError as error:
        raise SquareError("INVALID_TIME", str(error), field=field) from error
    if not call.now - OLDEST <= occurred_at <= call.now:
        detail = "`occurred_at` must not be older than 24 hours or in the future"
        raise SquareError("INVALID_TIME", detail, field=field)


ENDPOINTS = [
    Endpoint("POST", "/v2/inventory/changes/batch-create", batch_change, idempotency_key=128, is_key_required=True),
    Endpoint("POST", "/v2/inventory/changes/batch-retrieve", batch_retrieve_changes),
    Endpoint("POST", "/v2/inventory/counts/batch-retrieve", batch_retrieve_counts),
    Endpoint("GET", "/v2/inventory/{catalog_object_id}", retrieve_count),
]
