"""Stock as it is kept: every change, and what there is after all of them. Quantities are in units of 0.00001.

Square reckons by when things occurred, in whatever order it hears of them: what there is is the last count and the
adjustments after it.
"""

from decimal import Decimal
from typing import Any

from sandbox.square import catalog_store, webhooks
from sandbox.square.call import Call, Json, dump, new_id

TABLES = """
CREATE TABLE IF NOT EXISTS square_stock (
    position INTEGER PRIMARY KEY, catalog_object_id TEXT NOT NULL, location_id TEXT NOT NULL, state TEXT NOT NULL,
    quantity_e5 INTEGER NOT NULL, counted_at TEXT NOT NULL, calculated_at TEXT NOT NULL,
    UNIQUE (catalog_object_id, location_id, state)
);
CREATE TABLE IF NOT EXISTS square_stock_change (
    position INTEGER PRIMARY KEY, catalog_object_id TEXT NOT NULL, location_id TEXT NOT NULL, type TEXT NOT NULL,
    from_state TEXT NOT NULL, to_state TEXT NOT NULL, quantity_e5 INTEGER NOT NULL, occurred_at TEXT NOT NULL,
    created_at TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS square_stock_change_object ON square_stock_change (catalog_object_id, location_id);
"""

# What Square keeps a sum of: the other states are only where things come from and go to.
KEPT = ("IN_STOCK", "WASTE")


def record(call: Call, change_type: str, wish: Json) -> Json:
    """Writes a change and reckons it in. `wish` is checked, and its `occurred_at` normalised. Answers it as Square."""
    quantity_e5 = in_e5(wish["quantity"])
    detail = {
        **wish,
        "id": new_id(),
        "catalog_object_type": "ITEM_VARIATION",
        "quantity": as_text(quantity_e5),
        "created_at": call.updated_at,
    }
    written = {"type": change_type, change_type.lower(): detail}
    is_count = change_type == "PHYSICAL_COUNT"
    from_state, to_state = ("", wish["state"]) if is_count else (wish["from_state"], wish["to_state"])
    place = (wish["catalog_object_id"], wish["location_id"])
    call.db.execute(
        "INSERT INTO square_stock_change (catalog_object_id, location_id, type, from_state, to_state, quantity_e5, "
        "occurred_at, created_at, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*place, change_type, from_state, to_state, quantity_e5, wish["occurred_at"], call.updated_at, dump(written)),
    )
    if is_count:
        _count(call, place, to_state, quantity_e5, wish["occurred_at"])
    else:
        for state, change_e5 in ((from_state, -quantity_e5), (to_state, quantity_e5)):
            if state in KEPT:
                _add(call, place, state, change_e5, wish["occurred_at"])
    return written


def take_off(call: Call, order: Json) -> None:
    """Takes what was sold of the variations that are counted off the shelf, when Square hears of the payment."""
    touched: dict[tuple[str, str], None] = {}
    for line in order.get("line_items") or []:
        if not is_tracked(call, line.get("catalog_object_id"), order["location_id"]):
            continue
        sold = {
            "catalog_object_id": line["catalog_object_id"],
            "location_id": order["location_id"],
            "from_state": "IN_STOCK",
            "to_state": "SOLD",
            "quantity": line["quantity"],
            "occurred_at": call.updated_at,
            "transaction_id": order["id"],
        }
        record(call, "ADJUSTMENT", sold)
        touched[line["catalog_object_id"], order["location_id"]] = None
    if touched:
        webhooks.counts_changed(call, [count for place in touched for count in counts_of(call, *place)])


def is_tracked(call: Call, variation_id: str | None, location_id: str) -> bool:
    for variation in catalog_store.find_all(call.db, [variation_id] if variation_id else []):
        data = variation.get("item_variation_data", {})
        for override in data.get("location_overrides") or []:
            if override["location_id"] == location_id and "track_inventory" in override:
                return bool(override["track_inventory"])
        return bool(data.get("track_inventory"))
    return False


def unit_of(call: Call, variation: Json) -> Json | None:
    """`measurement_unit_data` of what a variation is counted in; None for whole pieces."""
    for unit in catalog_store.find_all(call.db, [variation["item_variation_data"].get("measurement_unit_id", "")]):
        found: Json = unit["measurement_unit_data"]
        return found
    return None


def counts_of(call: Call, catalog_object_id: str, location_id: str) -> list[Json]:
    rows = call.db.execute(
        "SELECT * FROM square_stock WHERE catalog_object_id = ? AND location_id = ? ORDER BY position",
        (catalog_object_id, location_id),
    )
    return [count(row) for row in rows]


def count(row: Any) -> Json:
    """A row of square_stock as Square answers it."""
    return {
        "catalog_object_id": row["catalog_object_id"],
        "catalog_object_type": "ITEM_VARIATION",
        "state": row["state"],
        "location_id": row["location_id"],
        "quantity": as_text(row["quantity_e5"]),
        "calculated_at": row["calculated_at"],
    }


def quantity_of(call: Call, place: tuple[str, str], state: str) -> int | None:
    """None where it was never counted."""
    row = call.db.execute(
        "SELECT quantity_e5 FROM square_stock WHERE catalog_object_id = ? AND location_id = ? AND state = ?",
        (*place, state),
    ).fetchone()
    return row["quantity_e5"] if row else None


def in_e5(quantity: object) -> int:
    return int(Decimal(str(quantity)) * 100_000)


def as_text(quantity_e5: int) -> str:
    return f"{(Decimal(quantity_e5) / 100_000).normalize():f}"


def _count(call: Call, place: tuple[str, str], state: str, quantity_e5: int, occurred_at: str) -> None:
    later = call.db.execute(
        "SELECT coalesce(sum(CASE ? WHEN to_state THEN quantity_e5 ELSE -quantity_e5 END), 0) "
        "FROM square_stock_change WHERE catalog_object_id = ? AND location_id = ? AND type = 'ADJUSTMENT' "
        "AND ? IN (from_state, to_state) AND occurred_at > ?",
        (state, *place, state, occurred_at),
    ).fetchone()[0]
    call.db.execute(
        "INSERT INTO square_stock (catalog_object_id, location_id, state, quantity_e5, counted_at, calculated_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (catalog_object_id, location_id, state) DO UPDATE "
        "SET quantity_e5 = excluded.quantity_e5, counted_at = excluded.counted_at, "
        "calculated_at = excluded.calculated_at WHERE excluded.counted_at >= counted_at",
        (*place, state, quantity_e5 + later, occurred_at, call.updated_at),
    )


def _add(call: Call, place: tuple[str, str], state: str, change_e5: int, occurred_at: str) -> None:
    call.db.execute(
        "INSERT INTO square_stock (catalog_object_id, location_id, state, quantity_e5, counted_at, calculated_at) "
        "VALUES (?, ?, ?, ?, '', ?) ON CONFLICT (catalog_object_id, location_id, state) DO UPDATE "
        "SET quantity_e5 = quantity_e5 + excluded.quantity_e5, calculated_at = excluded.calculated_at "
        "WHERE ? >= counted_at",
        (*place, state, change_e5, call.updated_at, occurred_at),
    )
